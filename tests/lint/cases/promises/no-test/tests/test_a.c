{"killed at any step", run}, /* F-01 */
