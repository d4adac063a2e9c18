// Package meeting is the surface that speaks the Meeting API: it turns its
// requests under /v1/usg/ and /v2/usg/ into calls of directory, application,
// source, factor and token, and their faults into its error bodies. No rule about
// people, passwords or App IDs lives here.
//
// A new operation is one row in routes.go and one function
//
//	func (m *meeting) operation(c *call) (any, error)
//
// which reads its input with c.object and returns what is to be answered, nil
// for the empty body. Everything around it (limits, the token, the role, the
// error body, headers, languages) happens in call.go, in one order for all.
//
// The routes, by section of the Meeting API:
//
//	4.1   POST   /v1/usg/acs/auth/account             sign in with a password (also under /v2)
//	4.2   POST   /v2/usg/acs/auth/appauth             sign in with an App ID
//	4.3   POST   /v1/usg/acs/auth/proxy               sign in through the enterprise's centre
//	      GET    /v1/usg/acs/auth/authorizeurl        where to do so (not part of the published API)
//	4.4   PUT    /v1/usg/acs/token                    extend a token
//	4.5   POST   /v1/usg/acs/token/validate           check a token (also under /v2)
//	4.6   DELETE /v1/usg/acs/token                    end a token
//	4.7   POST   /v1/usg/acs/auth/portal-ref-nonce    a nonce for a jump into the portal
//	4.8   POST   /v1/usg/acs/authorizeconfig          configure enterprise SSO
//	4.9   GET    /v1/usg/acs/authorizeconfig          show the configuration
//	4.10  POST   /v2/usg/acs/corp/app                 make an App ID
//	      GET    /v2/usg/acs/corp/apps                list App IDs
//	      PUT    /v2/usg/acs/corp/app/{app_id}        change, enable or disable one
//	      PUT    /v2/usg/acs/corp/app/{app_id}/reset  give it a new key
//	      DELETE /v2/usg/acs/corp/app/{app_id}        delete it
//	4.11  PUT    /v1/usg/acs/password                 change one's own password
//	      PUT    /v1/usg/acs/password/admin/reset     have a member's password made anew
//	4.12  POST   /v1/usg/acs/auth/slideverifycode/send   draw a slide puzzle
//	4.13  PUT    /v1/usg/acs/auth/slideverifycode/check  solve it
//	4.14  POST   /v1/usg/acs/verifycode/send          send a code for a forgotten password
//	4.15  PUT    /v1/usg/acs/verifycode/check         check it
//	4.16  PUT    /v1/usg/acs/password/reset           set the new password
//
// and under /v1/usg/dcs/, each path with the methods of routes.go:
//
//	5.1  corp                                    one's own enterprise
//	5.2  sp/corp, sp/corp/{id}                   enterprises, for the provider
//	5.4  corp/admin, …/{account}, …/delete       administrators
//	5.5  corp/dept, …/{dept_code}, member/dept   departments
//	5.6  corp/member, …/{account}, …/delete, …/status/{value}   users
//	5.7  member, …/verification-code, …/contact  one's own data
//
// and under /v1/usg/abs/ (6) what every member may look up: users, users/list,
// departments/{dept_code} and external-contacts; and with profile-images and
// …/{user_id} what people look like.
package meeting
