typedef int MpTry;
