package audit

// Type is the name of an event: a noun and what happened to it, in the past
// tense. Each has a sentence in every catalogue of i18n under "event.<type>".
type Type string

// The catalogue.
const (
	// SetupDone: the first administrator of the provider was made; set-up is
	// closed for ever.
	SetupDone Type = "setup.done"
	// ManifestApplied: configuration was applied from a manifest.
	ManifestApplied Type = "manifest.applied"
	// SettingChanged: a setting of the installation was changed; the target is
	// its name.
	SettingChanged Type = "setting.changed"
	// KeyRotated: a new sealing key is in use; the target is its id.
	KeyRotated Type = "key.rotated"
	// SigningKeyRotated: tokens are signed with a new key; the target is its id.
	SigningKeyRotated Type = "signing_key.rotated"

	// ProviderAdministratorAdded: an account administers the provider.
	ProviderAdministratorAdded Type = "provider_administrator.added"
	// ProviderAdministratorRemoved: an account administers it no longer.
	ProviderAdministratorRemoved Type = "provider_administrator.removed"

	// OrganizationAdded: an organisation was made with root department and
	// owner.
	OrganizationAdded Type = "organization.added"
	// OrganizationChanged: its settings were edited; details name the fields.
	OrganizationChanged Type = "organization.changed"
	// OrganizationRemoved: it was dissolved with all that belonged to it.
	OrganizationRemoved Type = "organization.removed"
	// OrganizationDissolved: its owner had it removed; details code and name.
	OrganizationDissolved Type = "organization.dissolved"

	// DepartmentAdded: a department was made.
	DepartmentAdded Type = "department.added"
	// DepartmentChanged: it was edited or moved.
	DepartmentChanged Type = "department.changed"
	// DepartmentRemoved: it was removed.
	DepartmentRemoved Type = "department.removed"

	// MemberAdded: an administrator added a person.
	MemberAdded Type = "member.added"
	// MemberAutoCreated: a person came in by a good proof and was added.
	MemberAutoCreated Type = "member.auto_created"
	// MemberLinked: a member was linked to an account at a source; details name
	// the source and whether the member was matched, proven by their password, or
	// created.
	MemberLinked Type = "member.linked"
	// MemberUnlinked: links of a member ended: the one with the source that
	// details name, or those by a third account that is another now.
	MemberUnlinked Type = "member.unlinked"
	// MemberChanged: a member was edited; details name the fields.
	MemberChanged Type = "member.changed"
	// MembersImported: some rows of a file were taken over; details tell which of
	// which task, and how many people are new or changed.
	MembersImported Type = "member.imported"
	// MemberSuspended: a member may not sign in any more.
	MemberSuspended Type = "member.suspended"
	// MemberResumed: a suspended member may sign in again.
	MemberResumed Type = "member.resumed"
	// MemberRemoved: a member left the organisation.
	MemberRemoved Type = "member.removed"
	// MemberDomainSwitched: the account has another domain; details tell the name
	// before and after.
	MemberDomainSwitched Type = "member.domain_switched"
	// MemberLeft: a person with an account of their own left the organisation.
	MemberLeft Type = "member.left"
	// InvitationSent: somebody was asked to become a member; details name them and
	// the role.
	InvitationSent Type = "invitation.sent"
	// InvitationResent: they were asked again; the earlier link is dead.
	InvitationResent Type = "invitation.resent"
	// InvitationCancelled: it was taken back.
	InvitationCancelled Type = "invitation.cancelled"
	// InvitationAccepted: they are a member, which details name.
	InvitationAccepted Type = "invitation.accepted"
	// HandoverOffered: the organisation was offered to somebody; details name
	// receiver and giver, and whether the giver leaves.
	HandoverOffered Type = "handover.offered"
	// HandoverWithdrawn: the offer was taken back.
	HandoverWithdrawn Type = "handover.withdrawn"
	// HandoverAccepted: the receiver is the owner.
	HandoverAccepted Type = "handover.accepted"
	// AccountRegistered: somebody made an account of their own; details tell by
	// what.
	AccountRegistered Type = "account.registered"
	// AccountRemoved: somebody removed their own account.
	AccountRemoved Type = "account.removed"
	// QuotaRequested: somebody asked for room; details tell the kind.
	QuotaRequested Type = "quota.requested"
	// QuotaApproved: there is more room.
	QuotaApproved Type = "quota.approved"
	// QuotaRejected: there is not.
	QuotaRejected Type = "quota.rejected"
	// MemberRoleChanged: details tell the role before and after.
	MemberRoleChanged Type = "member.role_changed"
	// MemberDepartmentsGiven: details name the departments that a member
	// administers now.
	MemberDepartmentsGiven Type = "member.departments_given"

	// GroupAdded: a group was made.
	GroupAdded Type = "group.added"
	// GroupChanged: it was edited; details name the fields.
	GroupChanged Type = "group.changed"
	// GroupRemoved: it was removed.
	GroupRemoved Type = "group.removed"
	// GroupMembersAdded: members came into a group; details name them.
	GroupMembersAdded Type = "group.members_added"
	// GroupMembersRemoved: members left a group; details name them.
	GroupMembersRemoved Type = "group.members_removed"
	// GroupOwnersAdded: members own a group; details name them.
	GroupOwnersAdded Type = "group.owners_added"
	// GroupOwnersRemoved: members own a group no longer; details name them.
	GroupOwnersRemoved Type = "group.owners_removed"

	// AttributeAdded: a custom attribute of members was defined; the target is its
	// key.
	AttributeAdded Type = "attribute.added"
	// AttributeChanged: its definition was edited; details name the fields.
	AttributeChanged Type = "attribute.changed"
	// AttributeRemoved: its definition was removed.
	AttributeRemoved Type = "attribute.removed"

	// RegionAdded: a part of the network was named.
	RegionAdded Type = "region.added"
	// RegionChanged: it was edited; details name the fields.
	RegionChanged Type = "region.changed"
	// RegionRemoved: it was removed.
	RegionRemoved Type = "region.removed"

	// MessageTextChanged: a kind of message was worded for a language; the target
	// names both.
	MessageTextChanged Type = "message_text.changed"
	// MessageTextRemoved: it is told in the words before again.
	MessageTextRemoved Type = "message_text.removed"
	// AccessControlChanged: whether policies guard an application, or what holds
	// where none does, was edited; details tell both.
	AccessControlChanged Type = "access_control.changed"
	// PolicyAdded: an access policy of an application was made.
	PolicyAdded Type = "policy.added"
	// PolicyChanged: it was edited; details name the fields.
	PolicyChanged Type = "policy.changed"
	// PolicyRemoved: it was removed for ever; details name it, its decision and the
	// application.
	PolicyRemoved Type = "policy.removed"
	// PoliciesReordered: the order in which they are looked at was changed.
	PoliciesReordered Type = "policy.reordered"
	// FactorAdded: somebody set up a proof beside the password.
	FactorAdded Type = "factor.added"
	// FactorRemoved: somebody removed a proof of their own.
	FactorRemoved Type = "factor.removed"
	// FactorRenamed: somebody gave a proof of their own another name.
	FactorRenamed Type = "factor.renamed"
	// PasskeyCopied: a passkey signed with a counter that was used before, as a
	// copy of it would; it was refused.
	PasskeyCopied Type = "factor.passkey_copied"
	// FactorsReset: an administrator removed all proofs of somebody; details say
	// how many.
	FactorsReset Type = "factor.reset"
	// RecoveryCodesMade: somebody had recovery codes made; those before are void.
	RecoveryCodesMade Type = "factor.recovery_codes_made"
	// RecoveryCodeUsed: somebody proved themselves by a recovery code; details say
	// how many are left.
	RecoveryCodeUsed Type = "factor.recovery_code_used"
	// PrivacyDrafted: a draft of the privacy statement was written.
	PrivacyDrafted Type = "privacy.drafted"
	// PrivacyPublished: a version of it is in force; details name it.
	PrivacyPublished Type = "privacy.published"
	// PrivacyWithdrawn: nobody is asked to accept the version that details name.
	PrivacyWithdrawn Type = "privacy.withdrawn"
	// PrivacyAccepted: a person accepted the version that details name; the target
	// is the account.
	PrivacyAccepted Type = "privacy.accepted"

	// PasswordChanged: a person changed their own password.
	PasswordChanged Type = "password.changed"
	// PasswordReset: an administrator had a new one made and sent.
	PasswordReset Type = "password.reset"
	// PasswordRecovered: a person set a new one by a code or by a link in a mail.
	PasswordRecovered Type = "password.recovered"
	// AccountLocked: too many failures locked an account for a while.
	AccountLocked Type = "account.locked"

	// SignedIn: somebody was given an access token, a session or a one-time
	// code, which is the target; details tell how.
	SignedIn Type = "sign_in.succeeded"
	// SignInRefused: a proof for a known account was refused.
	SignInRefused Type = "sign_in.refused"
	// SignedOut: an access token was ended by its holder.
	SignedOut Type = "sign_in.ended"

	// SessionStarted: somebody was signed in at a browser; details tell how.
	SessionStarted Type = "session.started"
	// SecondProofGiven: somebody signed in gave a second proof; details tell how.
	SecondProofGiven Type = "session.verified"
	// SessionEnded: a browser session was ended before its time; details tell
	// by whom, and name the member.
	SessionEnded Type = "session.ended"

	// SessionRenewed: who is signed in at a browser proved themselves again;
	// details tell how.
	SessionRenewed Type = "session.renewed"

	// RequestMade: somebody asks to enter an application or to join; details
	// name the kind and the application.
	RequestMade Type = "request.made"
	// RequestWithdrawn: they do not ask any more.
	RequestWithdrawn Type = "request.withdrawn"
	// RequestApproved: somebody said yes; details as of request.made.
	RequestApproved Type = "request.approved"
	// RequestRejected: somebody said no; details as of request.made.
	RequestRejected Type = "request.rejected"

	// ConsentGiven: a member agreed to release data to an application, which is
	// the target; details name the scopes.
	ConsentGiven Type = "consent.given"
	// ConsentWithdrawn: they took that back.
	ConsentWithdrawn Type = "consent.withdrawn"
	// GrantIssued: an application redeemed a code of a member; the target is the
	// grant, details name the member, the address from which they entered, and
	// whether they had given a second proof.
	GrantIssued Type = "grant.issued"
	// GrantRevoked: what a member granted was ended; details name the
	// application, or tell how many grants there were.
	GrantRevoked Type = "grant.revoked"
	// GrantReused: a refresh token came a second time, or from another
	// application, and its grant was ended.
	GrantReused Type = "grant.reused"
	// CodeReused: an authorization code came a second time; what the first use
	// was given was ended.
	CodeReused Type = "code.reused"

	// ServiceEntered: an application had a service ticket of a member accepted
	// (CAS), and is the target; details as of grant.issued.
	ServiceEntered Type = "service.entered"
	// ProxyGranted: an application may act for a member at others (CAS), and is
	// the target; details name the member.
	ProxyGranted Type = "proxy.granted"

	// AppIDAdded: an App ID was made.
	AppIDAdded Type = "app_id.added"
	// AppIDChanged: it was edited, enabled or disabled.
	AppIDChanged Type = "app_id.changed"
	// AppIDKeyReset: it has a new key; the one before lives a month more.
	AppIDKeyReset Type = "app_id.key_reset"
	// AppIDRemoved: it was deleted with all its tokens.
	AppIDRemoved Type = "app_id.removed"
	// AppIDSignatureChecked: somebody had a login explained that was signed with
	// it; details tell whether it would be accepted. Nobody was signed in.
	AppIDSignatureChecked Type = "app_id.signature_checked"

	// ApplicationAdded: an application was registered.
	ApplicationAdded Type = "application.added"
	// ApplicationChanged: it was edited, enabled or disabled; details name the
	// fields.
	ApplicationChanged Type = "application.changed"
	// ApplicationRemoved: it was removed with all that was granted to it and with
	// its access policies, which details name.
	ApplicationRemoved Type = "application.removed"
	// ApplicationSecretRotated: it has a new secret; details tell when the one
	// before ends.
	ApplicationSecretRotated Type = "application.secret_rotated"
	// ApplicationSecretRevoked: the older of its secrets counts no longer.
	ApplicationSecretRevoked Type = "application.secret_revoked"
	// ApplicationIconChanged: its icon was set or removed.
	ApplicationIconChanged Type = "application.icon_changed"
	// ApplicationRevoked: all that was granted to it ended.
	ApplicationRevoked Type = "application.revoked"

	// ApplicationTried: a try of settings that are not saved was begun; details
	// name the application they are meant for.
	ApplicationTried Type = "application.tried"

	// SyncConfigured: how an application is told of the organisation was set;
	// details name the fields.
	SyncConfigured Type = "sync.configured"
	// SyncRemoved: it is told no more, and what it knew is forgotten here.
	SyncRemoved Type = "sync.removed"
	// SyncTried: settings were tried that are not saved.
	SyncTried Type = "sync.tried"
	// SyncRetried: what failed or was refused was told again by hand; details name
	// the call where it was a single one.
	SyncRetried Type = "sync.retried"
	// SyncReplayed: everything was told from the beginning.
	SyncReplayed Type = "sync.replayed"
	// SyncFailed: a receiver did not take a call at the first try and at all of
	// its repetitions; details name the event and what kind of failure it was.
	SyncFailed Type = "sync.failed"

	// WebhookAdded: an address is told of what happens in the organisation.
	WebhookAdded Type = "webhook.added"
	// WebhookChanged: it was edited; details name the fields.
	WebhookChanged Type = "webhook.changed"
	// WebhookRemoved: it is told no more.
	WebhookRemoved Type = "webhook.removed"
	// WebhookTried: an address was called that is not saved; details name it.
	WebhookTried Type = "webhook.tried"
	// WebhookRetried: an event was told again by hand; details name it.
	WebhookRetried Type = "webhook.retried"
	// WebhookFailed: an address did not take a call at the first try and at all of
	// its repetitions; details name the event and what kind of failure it was.
	WebhookFailed Type = "webhook.failed"

	// SSOConfigured: the settings of enterprise SSO were saved; details name the
	// changed fields, without their values.
	SSOConfigured Type = "sso.configured"
	// SSOEnabled: members sign in through the enterprise's centre from now on.
	SSOEnabled Type = "sso.enabled"
	// SSODisabled: members sign in with passwords again.
	SSODisabled Type = "sso.disabled"
	// SSORemoved: the settings of enterprise SSO were forgotten, with the links
	// that were made by it.
	SSORemoved Type = "sso.removed"
	// SSOSavedUntried: settings were saved on a page although no try of them
	// had passed; details tell the reason that was given.
	SSOSavedUntried Type = "sso.saved_untried"
	// SSOTried: a try of settings that are not saved was begun.
	SSOTried Type = "sso.tried"

	// SetupLinkCreated: a link was made by which the other side sets up a source;
	// details name the source and whom it is for.
	SetupLinkCreated Type = "setup_link.created"
	// SetupLinkOpened: somebody outside opened it and works on it.
	SetupLinkOpened Type = "setup_link.opened"
	// SetupLinkTried: what was filled in is tried.
	SetupLinkTried Type = "setup_link.tried"
	// SetupLinkSubmitted: what was filled in waits for a decision.
	SetupLinkSubmitted Type = "setup_link.submitted"
	// SetupLinkApproved: what was filled in is the source's from now on.
	SetupLinkApproved Type = "setup_link.approved"
	// SetupLinkRejected: what was filled in was thrown away; details tell why.
	SetupLinkRejected Type = "setup_link.rejected"
	// SetupLinkWithdrawn: nothing can be filled in by it any more.
	SetupLinkWithdrawn Type = "setup_link.withdrawn"
	// DomainProven: the record of a domain was seen; details name the domain.
	DomainProven Type = "domain.proven"
	// DomainFrozen: its trial ended without a proof; the target is its name.
	DomainFrozen Type = "domain.frozen"
	// DomainLed: people of a domain sign in by another source; details name it.
	DomainLed Type = "domain.led"
	// DomainRemoved: a domain is not the organisation's any more.
	DomainRemoved Type = "domain.removed"

	// SourceAdded: an authentication source was added; details name it and its
	// kind.
	SourceAdded Type = "source.added"
	// SourceChanged: its settings or rules were changed; details name the changed
	// fields, without their values.
	SourceChanged Type = "source.changed"
	// SourceEnabled: people can sign in through it where it is offered.
	SourceEnabled Type = "source.enabled"
	// SourceDisabled: nobody signs in through it any more.
	SourceDisabled Type = "source.disabled"
	// SourceRemoved: it was removed with the links that were made by it.
	SourceRemoved Type = "source.removed"
	// SourceSavedUntried: settings were put in force on a page although no try of
	// them had passed; details tell the reason that was given.
	SourceSavedUntried Type = "source.saved_untried"
	// SourceTried: a try of settings that are not saved was begun; details name
	// the source.
	SourceTried Type = "source.tried"
	// SourceIconChanged: its icon was set or removed.
	SourceIconChanged Type = "source.icon_changed"

	// TaskAdded: an import or an export was asked for; details tell its number and
	// what it does.
	TaskAdded Type = "task.added"
	// TaskEnded: it is done, has failed or was cancelled; details tell how many
	// rows.
	TaskEnded Type = "task.ended"
	// TaskFileRead: a file of a task was read, which holds what is known of people.
	TaskFileRead Type = "task.file_read"
	// ResourceGranted: the provider granted an organisation something; details
	// name it, its kind, how many and until when.
	ResourceGranted Type = "resource.granted"
	// ResourceChanged: how many, until when, or the order was changed.
	ResourceChanged Type = "resource.changed"
	// ResourceDisabled: a resource does not count until it is enabled again.
	ResourceDisabled Type = "resource.disabled"
	// ResourceEnabled: a disabled resource counts again.
	ResourceEnabled Type = "resource.enabled"
	// ResourceWithdrawn: the provider took a resource back with what it brought.
	ResourceWithdrawn Type = "resource.withdrawn"
	// TerminalAdded: a terminal was added; details name its model.
	TerminalAdded Type = "terminal.added"
	// TerminalChanged: a terminal was changed; details name the changed fields.
	TerminalChanged Type = "terminal.changed"
	// TerminalReset: a terminal has another activation code.
	TerminalReset Type = "terminal.reset"
	// TerminalRemoved: a terminal was removed.
	TerminalRemoved Type = "terminal.removed"
	// ActivationAdded: a code was made by which a device becomes the
	// organisation's; details name the device.
	ActivationAdded Type = "activation_code.added"
	// ActivationReset: a device has another activation code.
	ActivationReset Type = "activation_code.reset"
	// ActivationRemoved: a code was removed with the device behind it.
	ActivationRemoved Type = "activation_code.removed"
	// RoomLent: a meeting room was lent; details name its number and the holder.
	RoomLent Type = "meeting_room.lent"
	// RoomRecalled: a meeting room was taken back.
	RoomRecalled Type = "meeting_room.recalled"
	// RoomChanged: its holder changed a meeting room; details name the changed
	// fields.
	RoomChanged Type = "meeting_room.changed"
	// RoomRemoved: a meeting room was removed.
	RoomRemoved Type = "meeting_room.removed"
	// RoomNumbered: a member has a personal meeting id.
	RoomNumbered Type = "meeting_room.numbered"

	// RoomRenumbered: a member has another personal meeting id; details name both.
	RoomRenumbered Type = "meeting_room.renumbered"
	// ContactAdded: somebody outside came into the address book that all members
	// share; details name them.
	ContactAdded Type = "contact.added"
	// ContactChanged: one of them was changed; details name the changed fields.
	ContactChanged Type = "contact.changed"
	// ContactsImported: some rows of a file were taken over; details tell which of
	// which task, and how many contacts are new or changed.
	ContactsImported Type = "contact.imported"
	// ContactRemoved: one of them was removed.
	ContactRemoved Type = "contact.removed"
	// PictureChanged: a member's picture was set or removed.
	PictureChanged Type = "member.picture_changed"

	// APITokenAdded: a token of the management API was made.
	APITokenAdded Type = "api_token.added"
	// APITokenRevoked: it ends at once.
	APITokenRevoked Type = "api_token.revoked"
)
