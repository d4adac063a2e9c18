// Package bulk imports and exports people and contacts by files, as tasks that
// go on after the request: with progress, a result, and the original file.
//
// A file arrives in parts and is checked no further than its headings; the rest
// is the work of the job. The job reads the whole file before it stores the
// first row, so that what cannot be read as a table leaves nothing behind. Then
// it takes rows over in batches, each with the progress in one transaction: a
// process that dies at any moment leaves whole batches, and whoever goes on
// begins behind the last.
//
// table.go is what a file is read as, csv.go and workbook.go the two formats,
// column.go what their columns mean. noun.go says what differs between files
// about people and about contacts: the rules are directory's and addressbook's.
package bulk
