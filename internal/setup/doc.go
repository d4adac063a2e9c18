// Package setup is the first run, on which the first administrator of the
// provider is made, and the few server-rendered pages on which administrators
// set up enterprise sign-in and read traces.
//
// The page tells which base URL is configured, and the browser compares it with
// its own: nothing is made from a header. Then the management centre leads on.
//
// The address of the first run carries a one-time secret that the server prints
// as long as no administrator was ever made. The page is shown and posted with
// that secret; once it has worked a permanent mark closes set-up for ever,
// whoever is deleted later.
//
// The pages under /console/ need a session of the browser. Who may do what is
// asked of the use cases. A secret that was typed is never part of a page: it
// goes on with the try that it was typed for, which the form names.
//
// Routes:
//
//	GET  /setup?code=…                   the form of the first run
//	POST /setup                          make the administrator
//	GET  /console/                       what one may administer
//	GET  /console/{org}/sso              enterprise sign-in; ?try= fills in the values of a try
//	POST /console/{org}/sso              try, save, enable, switch off
//	GET  /console/sso/{org}/tries/{id}   the report of a try
//	GET  /console/traces?code=…          find a trace
//	GET  /console/traces/{code}          a trace
//	GET  /console/{org}/requests         what people ask of it; ?show=all
//	POST /console/{org}/requests         approve, reject
//	GET  /console/{org}/traces           the latest of an organisation
//	GET  /console/{org}/sources          authentication sources, and set-up links that wait
//	POST /console/{org}/sources          add one, empty and disabled
//	GET  /console/{org}/sources/{id}     the form of a source, made from the schema of its kind
//	POST /console/{org}/sources/{id}     save, enable, switch off, remove, make a set-up link
//	GET  /console/{org}/setup-links/{id} what was filled in by a set-up link, beside what is in force
//	POST /console/{org}/setup-links/{id} approve, reject, withdraw
//	GET  /connect/{secret}               what a set-up link is for; nothing is spent
//	POST /connect/{secret}               open it in this browser, once
//	GET  /connect                        the form of the other side
//	POST /connect                        save, prove the domain, submit
package setup
