// Package limits keeps questions to the API within what a hub can bear. It knows nothing of HTTP;
// the transports ask it at each step of a request, from cheap to dear:
//
//	CheckBody    bytes, before anything is decoded: UTF-8, no NUL, nesting
//	Documents    the document: tokens, then its shape, and only then the validator, whose time grows
//	             with the square of a selection; answers of all three are remembered
//	Measure      the operation with its variables: depth, fields, aliases, cost
//	Limiter      who asks: a bucket of cost and of requests for each address or account
//
// Measure walks every fragment once, whatever spreads it, and its sums saturate, so the work is
// linear in the document and no nesting of fragments can make it explode.
package limits
