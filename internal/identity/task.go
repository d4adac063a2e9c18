package identity

import "time"

// Task is an import or an export of an organisation: work that takes longer
// than a request (OrgID, A.12).
type Task struct {
	ID             TaskID
	OrganizationID OrganizationID
	Number         int64 // counts an organisation's tasks, for people to speak of
	Kind           TaskKind
	Status         TaskStatus
	// Actor is who asked. The task may do what they may at each of its steps.
	Actor    Actor
	FileName string // as the person called it; only ever shown
	Options  TaskOptions
	Progress TaskProgress
	// Reason is the code of the fault for which a task failed, Params what its
	// sentence is filled with; "" otherwise.
	Reason   string
	Params   map[string]any
	Restarts int // how often it was begun again after a failure of ours
	// Files tells how many parts the original and the result have; 0 is none.
	Files     TaskFiles
	CreatedAt time.Time
	StartedAt time.Time
	EndedAt   time.Time
	EndsAt    time.Time // forgotten after this, with its files
}

// TaskKind is what a task does.
type TaskKind string

// The kinds of tasks.
const (
	TaskImportMembers TaskKind = "import_members"
	TaskExportMembers TaskKind = "export_members"
	// Contacts are those that all members share.
	TaskImportContacts TaskKind = "import_contacts"
	TaskExportContacts TaskKind = "export_contacts"
)

// Imports reports whether a task of this kind takes a file over; the others
// write one.
func (k TaskKind) Imports() bool { return k == TaskImportMembers || k == TaskImportContacts }

// TaskStatus is how far a task is.
type TaskStatus string

// The states of a task. One whose file is still arriving is receiving and in
// no list.
const (
	TaskReceiving TaskStatus = "receiving"
	TaskWaiting   TaskStatus = "waiting"
	TaskRunning   TaskStatus = "running"
	TaskDone      TaskStatus = "done"
	TaskFailed    TaskStatus = "failed"
	TaskCancelled TaskStatus = "cancelled"
)

// Ended reports whether nothing more happens to a task in this state.
func (s TaskStatus) Ended() bool {
	return s == TaskDone || s == TaskFailed || s == TaskCancelled
}

// TaskProgress counts rows, each a person or a contact.
type TaskProgress struct {
	Total     int // 0 while it is not known
	Done      int
	Created   int
	Changed   int
	Unchanged int
	Refused   int
}

// TaskFiles counts the parts of a task's files.
type TaskFiles struct {
	Original int
	Size     int64 // of the original, in bytes
	Result   int
}

// FileFormat is how a table is written.
type FileFormat string

// The formats of tables.
const (
	FormatCSV  FileFormat = "csv"
	FormatXLSX FileFormat = "xlsx"
)

// TaskOptions are how a task is done.
type TaskOptions struct {
	Format FileFormat
	// Encoding is that of a CSV file: "utf-8", "utf-16le", "utf-16be" or
	// "gb18030".
	Encoding        string
	DryRun          bool     // nothing is stored but what would be refused
	AllOrNothing    bool     // one row refused refuses all
	MakeDepartments bool     // those that are missing are made
	Passwords       bool     // the file has a column of them
	Headings        []string // of the file
	// Language is that of the headings of an export.
	Language string
	// The rest narrows an export as it narrows a list; of contacts, Text does.
	Text       string
	Department string // path
	Role       Role
	State      MemberStatus
	Members    MemberKind
}
