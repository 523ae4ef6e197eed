struct broken {
  int a b;
};
