// Package identity holds the nouns of the product and the rules that are true
// of them without a database, a browser or a clock.
//
// One file per noun. The types carry no JSON, SQL or XML tags: every edge has
// its own wire structs. Storing them is the work of store, deciding with them
// the work of the use cases above.
package identity
