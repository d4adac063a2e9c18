package store

// tables are the doors to the rows, one small type per noun. They are embedded
// in Tx, so that a use case writes tx.Members.Get(org, id).
type tables struct {
	Lookup           Lookup
	Organizations    Organizations
	Accounts         Accounts
	Credentials      Credentials
	Providers        Providers
	Departments      Departments
	Members          Members
	Administrations  Administrations
	Groups           Groups
	Attributes       Attributes
	AppIDs           AppIDs
	AccessTokens     AccessTokens
	APITokens        APITokens
	Tickets          Tickets
	Claims           Claims
	Attempts         Attempts
	Codes            Codes
	Events           Events
	Traces           Traces
	Outbox           Outbox
	Jobs             Jobs
	Settings         Settings
	AppliedSecrets   AppliedSecrets
	SigningKeys      SigningKeys
	Grants           Grants
	Sources          Sources
	Links            Links
	Sessions         Sessions
	Tries            Tries
	ApplicationTries ApplicationTries
	SetupLinks       SetupLinks
	Dissolutions     Dissolutions
	Domains          Domains
	Participations   Participations
	Applications     Applications
	Requests         Requests
	Consents         Consents
	People           People
	Invitations      Invitations
	Handovers        Handovers
	QuotaRequests    QuotaRequests
	Tasks            Tasks
	Resources        Resources
	Terminals        Terminals
	ActivationCodes  ActivationCodes
	MeetingRooms     MeetingRooms
	ExternalContacts ExternalContacts
	Pictures         Pictures
}

// tablesOf sets up every table on one transaction.
func tablesOf(c *conn) tables {
	return tables{
		Lookup:           Lookup{c},
		Organizations:    Organizations{c},
		Accounts:         Accounts{c},
		Credentials:      Credentials{c},
		Providers:        Providers{c},
		Departments:      Departments{c},
		Members:          Members{c},
		Administrations:  Administrations{c},
		Groups:           Groups{c},
		Attributes:       Attributes{c},
		AppIDs:           AppIDs{c},
		AccessTokens:     AccessTokens{c},
		APITokens:        APITokens{c},
		Tickets:          Tickets{c},
		Claims:           Claims{c},
		Attempts:         Attempts{c},
		Codes:            Codes{c},
		Events:           Events{c},
		Traces:           Traces{c},
		Outbox:           Outbox{c},
		Jobs:             Jobs{c},
		Settings:         Settings{c},
		AppliedSecrets:   AppliedSecrets{c},
		SigningKeys:      SigningKeys{c},
		Grants:           Grants{c},
		Sources:          Sources{c},
		Links:            Links{c},
		Sessions:         Sessions{c},
		Tries:            Tries{c},
		ApplicationTries: ApplicationTries{c},
		SetupLinks:       SetupLinks{c},
		Dissolutions:     Dissolutions{c},
		Domains:          Domains{c},
		Participations:   Participations{c},
		Applications:     Applications{c},
		Requests:         Requests{c},
		Consents:         Consents{c},
		People:           People{c},
		Invitations:      Invitations{c},
		Handovers:        Handovers{c},
		QuotaRequests:    QuotaRequests{c},
		Tasks:            Tasks{c},
		Resources:        Resources{c},
		Terminals:        Terminals{c},
		ActivationCodes:  ActivationCodes{c},
		MeetingRooms:     MeetingRooms{c},
		ExternalContacts: ExternalContacts{c},
		Pictures:         Pictures{c},
	}
}
