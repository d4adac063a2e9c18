package main

import (
	"slices"
	"time"
)

// benchCase is one way in which the server is used.
type benchCase struct {
	name        string
	limit       limitKind
	path        string // at the server
	connections int
	ask         question
	// then goes on from the first answer; nil for a case of one request.
	then func(*population) sequel
	// main: measured at the main size alone. The others are measured at every
	// size, which tells how they grow.
	main bool
	// long: answered so rarely that a run takes three times as long.
	long bool
}

const (
	few     = 16
	many    = 256
	hashers = 4 // enough to keep the processors busy with hashes of 20 to 30 ms
	readers = 4 // people who leaf through lists
)

// Cases that are compared with another case instead of a bare server, and the
// one while somebody is told of everybody.
const (
	plainLogin = limitKind("code login with a session")
	besidePush = "code login beside a push"
)

// casEntered is the case whose tickets CAS validation validates.
const casEntered = "CAS entry with a session"

// cases is the order in which they are measured. Logins come last: each is one
// more token of a person, and of those the oldest ends, which is the one that
// validation, refresh and lists are asked with. It is also the order of growth:
// what reads is measured on the database as it was filled, and who adds people
// comes after all others.
func cases() []benchCase {
	return []benchCase{
		{"token validation", constant, validatePath, few, validation(anyone, "false"), nil, false, false},
		{"token validation, busy tokens", constant, validatePath, few, validation(busy, "false"), nil, true, false},
		{"token validation with account, busy tokens", constant, validatePath, few, validation(busy, "true"), nil, true, false},
		{"token validation, busy tokens, 256 connections", constant, validatePath, many, validation(busy, "false"), nil, true, false},
		{"member list, page 1", constant, listPath, readers, firstPage, nil, true, false},
		{"member list, page k", constant, listPath, readers, laterPage, nil, false, false},
		{"search by name prefix", constant, listPath, readers, search(nameOf), nil, false, false},
		{"search by mail prefix", constant, listPath, readers, search(mailOf), nil, false, false},
		{"search by sound", constant, listPath, readers, search(soundOf), nil, false, false},
		{"refresh", insert, refreshPath, few, refresh, nil, false, false},
		{"discovery", constant, discoveryPath, few, look, nil, true, false},
		{"key set", constant, keysPath, few, look, nil, true, false},
		{"client credentials, opaque", insert, grantPath, few, clientCredentials(opaqueClient), nil, false, false},
		{"client credentials, ES256 JWT", insert, grantPath, few, clientCredentials(jwtClient), nil, true, false},
		{"client credentials, RS256 JWT", signing, grantPath, few, clientCredentials(rsaClient), nil, true, false},
		{"introspection", constant, introspectPath, few, introspection(), arrives(opaqueClient), false, false},
		{"user info", constant, userInfoPath, few, userInfo(), arrives(opaqueClient), false, false},
		{"application refresh, ES256 ID token", insert, grantPath, few, renewal(opaqueClient), arrives(opaqueClient), false, false},
		{"application refresh, RS256 ID token", signing, grantPath, few, renewal(rsaIDClient), arrives(rsaIDClient), true, false},
		{string(plainLogin), insert, authorizePath, few, codeLogin(opaqueClient, true), arrives(opaqueClient), false, false},
		{"code login with ten access policies", plainLogin, authorizePath, few, codeLogin(guardedClient, true), arrives(guardedClient), true, false},
		{besidePush, plainLogin, authorizePath, few, codeLogin(opaqueClient, true), arrives(opaqueClient), true, true},
		{casEntered, insert, casLoginPath, few, casEntry, casTicketed, false, false},
		{"CAS validation", insert, casValidatePath, few, casValidation, casAccepted, false, false},
		{"sso page", constant, ssoPath, few, ssoPage, nil, true, false},
		{"SSO sign-in", insert, ssoPath, few, ssoLogin, ssoReturn, true, false},
		{"App-ID login", signed, signedPath, few, appLogin(anyone), nil, false, false},
		{"App-ID login, one hot member", signed, signedPath, few, appLogin(theSame), nil, true, false},
		{"App-ID login, 256 connections", signed, signedPath, many, appLogin(anyone), nil, true, false},
		{"account login", hashing, accountPath, hashers, accountLogin, nil, true, true},
		{"password sign-in at the page", hashing, loginPath, hashers, pageLogin, enters, true, true},
		{"code login with a password", hashing, authorizePath, hashers, codeLogin(opaqueClient, false), arrives(opaqueClient), true, true},
		{"member creation", insert, listPath, few, creation, nil, false, false},
		{"import, each person", insert, importPath, 1, nil, nil, false, true},
	}
}

// manages reports whether a case asks the management API, which logs a line
// like everything else and is not measured twice for it.
func (b benchCase) manages() bool { return b.path == listPath || b.imports() }

// imports reports whether a case brings files of people.
func (b benchCase) imports() bool { return b.path == importPath }

// centred reports whether a case needs an organisation with enterprise SSO.
func (b benchCase) centred() bool { return b.path == ssoPath }

// validates reports whether a case needs tickets at hand.
func (b benchCase) validates() bool { return b.path == casValidatePath }

// issues reports whether a case ends tokens of the population in the long run.
func (b benchCase) issues() bool { return b.limit == signed || b.limit == hashing }

// length is how long a run of the case takes.
func (b benchCase) length(run time.Duration) time.Duration {
	if b.long {
		return 3 * run
	}
	return run
}

// called is the case of a name.
func called(name string) (benchCase, bool) {
	all := cases()
	i := slices.IndexFunc(all, func(other benchCase) bool { return other.name == name })
	if i < 0 {
		return benchCase{}, false
	}
	return all[i], true
}

// rival is the case that this one is compared with, where that is no bare server.
func (b benchCase) rival() (benchCase, bool) { return called(string(b.limit)) }
