// Package relying is a stand-in for the applications of an enterprise: a wiki
// that signs people in by OpenID Connect, and a help desk that does so by OAuth
// 2.0 alone. Each shows what it was given, so that one sees what an application
// learns about a person.
//
// It stands outside the product: it imports no room, and uses the libraries
// that an application written in Go would use. Everything is in memory.
//
// Routes, each below the name of an application, as in /wiki/callback:
//
//	GET  /                   what this is, and where to begin
//	GET  /{app}/             who is signed in there, and what was received
//	GET  /{app}/login        begins to sign in; passes prompt and max_age on
//	GET  /{app}/callback     the redirect URI
//	POST /{app}/refresh      a new access token, and what is known by it
//	POST /{app}/logout       ends the session here and at the provider
//	GET  /{app}/bye          where the provider sends people afterwards
//	POST /{app}/backchannel  the provider says that a session has ended
//	GET  /style.css          the pages' style
package relying
