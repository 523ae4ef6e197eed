// Numbers of table columns with their units.
#pragma once

#include <string>

#include "ast/schema.h"

namespace hawk {

// `sum`: what the column's numbers come to, for kPercent. kPlain is not written by this.
void append_with_unit(std::string& out, double value, Unit unit, double sum);

}  // namespace hawk
