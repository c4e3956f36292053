/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document/document.h"
#include <poppler.h>
#include <string.h>
