// Package setup is the first run: the page on which the first administrator of
// the provider is made.
//
// Its address carries a one-time secret that the server prints as long as no
// administrator was ever made. The page is shown and posted with that secret;
// once it has worked a permanent mark closes set-up for ever, whoever is
// deleted later.
//
// Routes:
//
//	GET  /setup?code=…   the form
//	POST /setup          make the administrator
package setup
