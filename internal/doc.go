// Package internal holds no code. Its tests keep what the whole tree promises: imports only downwards
// (imports_test.go), the budgets of size, complexity and style (budgets_test.go), and a documented reason for every
// dependency (dependencies_test.go).
package internal
