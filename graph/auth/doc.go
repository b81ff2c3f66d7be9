// Package auth tells who is asking. It puts a visit into the context of every request: the address
// of the client behind the proxies that we trust, the session that its cookie carries, and the
// nonce that binds a sign-in link to the browser that asked for it.
//
// Tokens never leave the package but as cookies: the cache knows them by their SHA-256, and nothing
// here logs. A session is looked up at most once every few seconds and hub, so a session that ends
// on another hub is still good here for SessionKept at most; one that ends here is gone at once.
package auth
