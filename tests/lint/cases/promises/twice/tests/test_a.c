{"F-01 killed at any step", run},
