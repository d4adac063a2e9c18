// Package applogin reads a login with an App ID as it is written (Meeting API,
// 4.2): its Authorization header, and whole requests that somebody has at hand
// and pastes to learn why they were refused.
//
// The surface that answers logins reads the header here, and the body by itself,
// strictly and fast. ReadBody reads the same body as far as it goes and says
// everything that is wrong with it; whatever the surface accepts it reads alike.
//
// What does not live here: what a signature is worth (application).
package applogin
