#include "driver/driver.h"

int main(int count, char** arguments) { return hawk::run_hawk(count, arguments); }
