#pragma once
#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <span>
#include <string>

/// Private to the protocol library, in .cpp files only.
namespace stressbot {

/// One line for people, read straight from the bytes: unlike protobuf's own text it also shows text
/// that is not valid UTF-8 (escaped), which is what one wants to see of a server that sends it.
/// Cut after some 2,000 characters.
std::string DescribePayload(const google::protobuf::Descriptor& message,
                            std::span<const std::byte> payload);

}  // namespace stressbot
