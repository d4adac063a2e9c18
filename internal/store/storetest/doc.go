// Package storetest opens databases for tests: SQLite in a temporary file
// always, PostgreSQL when ORGATE_TEST_POSTGRES names a server.
//
// ORGATE_TEST_POSTGRES is a DSN of a role that may create databases. Each test
// gets a database of its own, copied from a template that is migrated once per
// process. With ORGATE_TEST_REQUIRE_ALL set, a missing server is a failure, so
// that a build machine cannot forget half of the suite.
package storetest
