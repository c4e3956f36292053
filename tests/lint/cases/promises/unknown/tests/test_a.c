{"F-01 killed at any step", run},
{"T-99 nobody promised this", run},
