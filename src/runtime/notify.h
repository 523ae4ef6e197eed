// Tells the service manager how far hawk is (the sd_notify(3) protocol: one datagram to $NOTIFY_SOCKET).
#pragma once

#include <string_view>

namespace hawk {

// `state` is "READY=1" or "STOPPING=1". Without $NOTIFY_SOCKET, or if nobody listens, nothing happens.
void notify_service_manager(std::string_view state);

}  // namespace hawk
