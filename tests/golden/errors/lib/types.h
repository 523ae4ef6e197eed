struct imported_type { int a; };
