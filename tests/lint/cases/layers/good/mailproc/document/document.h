/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message/message.h"
#include <glib.h>
