package pages

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
)

// policy is the Content-Security-Policy of all pages: a page uses what comes from this hub and nothing
// else. Of what is written into a page itself, only the script and the style that the first paint
// waits for are used, known by their hashes (CSP Level 3, section 6.7.3.3).
func policy(script, style string) string {
	return "default-src 'none'; script-src 'self' " + hashSource(script) + "; worker-src 'self'; style-src 'self' " + hashSource(style) +
		"; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; " +
		"form-action 'self'; frame-ancestors 'none'"
}

// policyOf is the policy of pages with these files.
func policyOf(files assets) (string, error) {
	script, err := files.text("theme.js")
	if err != nil {
		return "", err
	}
	style, err := files.text("shell.css")
	return policy(script, style), err
}

func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// secured sets the headers that keep browsers from doing with an answer what it is not meant for.
// With https they also tell browsers to come by https only, for two years.
func secured(next http.Handler, policy string, https bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(), payment=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		if https {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}
