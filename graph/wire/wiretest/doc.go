// Package wiretest is a crowd of viewers for measurements: thousands of subscribers of one operation,
// served by one thread that costs little beside the server they watch. It waits for all sockets at once,
// reads much at a time, and looks for one number in each answer; but it looks at every answer of every
// viewer, and each must say the position that follows the one before. A gap, a repeat, an answer that says
// no position and a connection that ends are errors.
//
// The crowd and the server it measures can be put on processors of their own, so that neither
// takes time from the other.
package wiretest
