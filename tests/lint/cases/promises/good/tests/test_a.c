{"F-01 F-02 killed at any step", run},
