// Package protocol is the socket: what a browser protocol is given by the
// product, and what it must offer. It is all that a protocol ever learns about
// us, and all that server needs to plug one in.
//
// Here are interfaces, and what several protocols say alike: access tokens as JWT,
// requests that wait, and the acceptance of service tickets. Behind them stand application, grant, signin,
// session, ticket and keyring; server/host.go joins them.
package protocol
