// Package docs holds the manuals to what is tested: each block of commands,
// configuration or output in them, and each command in a line, is run here, is
// named with the test that has it, or with the reason why none can.
package docs
