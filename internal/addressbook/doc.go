// Package addressbook is whom the members of an organisation find: one another,
// the terminals of its rooms, and people outside whom they deal with (Meeting
// API, 6).
//
// What somebody finds of the organisation is what the visibility of their
// department grants (directory.VisibleDepartments); a mobile number that is
// hidden is told to nobody but the person. Contacts outside are shared by all
// members, and then administrators keep them, or a member's own, and then nobody
// else knows of them.
//
// Every exported method takes the actor and asks access first. What belongs to
// another organisation, or to another member, is not found.
//
// What does not live here: the people themselves (directory) and the terminals
// (resource).
package addressbook
