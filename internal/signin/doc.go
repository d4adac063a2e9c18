// Package signin is the sign-in conversation: it asks who somebody is, checks
// it by password, by their enterprise's own centre or by a link that an
// application made, and brings them to where they wanted to go. It also holds
// what a person sees of their own being signed in: who they are, their devices,
// their password, and the way out.
//
// A conversation is driven from what is stored, through one dispatcher
// (dispatch.go): the session of the browser, and what the conversation
// remembers (flow.go), a ticket that is bound to the browser by its flow
// cookie. A step does its one thing and returns to the dispatcher, never to
// another step. So a refresh, the back button and a second node are no special
// cases, and an identifier of a conversation that comes from another browser
// begins a new one.
//
// Routes:
//
//	/                           the user centre, else who is signed in, else on to /login
//	/my/                        below it, the pages of the user centre
//	/account                    who is signed in
//	/account/sessions           where else, and ending that
//	/account/requests           what they have asked for
//	/account/links              by which accounts elsewhere they sign in
//	/account/applications       what they agreed to release, and to whom
//	/account/quotas               how many members and organisations there may be
//	/account/remove             removes an account of one's own
//	/organizations/             the organisations of a person; {code}/leave leaves one
//	/register                   makes an account of one's own
//	/invitations/{word}         joins an organisation
//	/handover/{word}            takes one over
//	/apps/{app}/login           opens an application; ?url= which of its addresses
//	/apps/{app}/icon            its picture
//	/pictures/{word}            what somebody looks like
//	/entry                      why somebody may not enter an application
//	/entry/account              as whom to go on to it
//	/entry/consent              what it may know
//	/login                      account and password; ?return_to= a path of ours
//	/login/source/{source_id}   on to an authentication source, below it
//	                            /callback back from it, /logout what it tells
//	                            of an end there, /icon its picture
//	/login/connect              the password of an account that a source named
//	/login?nonce=…              a jump into the portal (Meeting API, 4.7); /?nonce=… too
//	/logout                     asks, and signs out
//	/sso                        enterprise SSO: type the domain
//	/sso?domain=…&client=…      the same, on to the centre at once
//	/sso/callback/{source_id}   back from the centre
//	/password/forgotten         ask for a link to a new password
//	/password/reset?code=…      the link
//	/password/change            choose a new password
//	anything else               not found
//
// What does not live here: who is who and what signing in does (directory,
// source, session), and how a page looks (pages).
package signin
