// Package model holds the few types of the API that are not the domain's own: pages of a list, the
// payloads of mutations, and the numbers as the API cuts them.
package model
