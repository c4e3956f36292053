    {"store", "dir", MP_CONFIG_PATH, "/x", 0, 0, NULL, "folder"},
