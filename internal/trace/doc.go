// Package trace tells the story of one sign-in: each check that was made, what
// was expected, what came and how to mend it.
//
// A use case is handed a *Story and writes named checks into it; nil works
// everywhere and costs nothing. The surface ends the story and gives it to the
// Keeper, which stores it in batches beside the answer, never in its way:
// under a flood stories are lost and counted. A story is found again by the
// request id or by the eight characters that the refused person is shown.
//
// What does not live here: audit events, which are facts and are never lost
// (audit), and the sentences of the checks, which are in the catalogues of i18n
// under "check.<name>" and "remedy.<name>".
package trace
