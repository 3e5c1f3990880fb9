// The templates that nearly every file makes an own copy of (from C++20 on the library has none of strings), compiled for speed. It is
// linked first, and of equal copies the linker keeps the first: else one from a file that is compiled for size.
#include <string>

template class std::basic_string<char>;
