package fault

// The public codes. Each has a sentence in every catalogue of i18n; a test
// compares the two. A code is never renamed and never reused.
const (
	CodeInternal        Code = "internal"
	CodeUnavailable     Code = "unavailable"
	CodeUnauthenticated Code = "unauthenticated"
	CodeForbidden       Code = "forbidden"
	CodeNotFound        Code = "not_found"
	CodeMethod          Code = "method_not_allowed"
	CodeConflict        Code = "conflict"
	CodeStale           Code = "stale"
	CodeRateLimited     Code = "rate_limited"
	CodeTooLarge        Code = "too_large"
	CodeMalformed       Code = "malformed"        // not JSON, not UTF-8, NUL
	CodeFieldMissing    Code = "field_missing"    // param field
	CodeFieldType       Code = "field_type"       // param want
	CodeFieldRange      Code = "field_range"      // params min, max
	CodeFieldLength     Code = "field_length"     // params min, max
	CodeFieldFormat     Code = "field_format"     // param want
	CodeFieldUnknown    Code = "field_unknown"    // param field
	CodeFieldChoice     Code = "field_choice"     // param choices
	CodeFieldUnwanted   Code = "field_unwanted"   // must be absent here
	CodeCursor          Code = "cursor_malformed" // a paging cursor that is not ours
	CodeSpent           Code = "ticket_spent"     // a one-time secret used before
	CodeTicket          Code = "ticket_not_found" // unknown or expired one-time secret
	CodeFormRefused     Code = "form_refused"     // from another site, or from a page that was open too long
	CodeSetupClosed     Code = "setup_closed"     // the first administrator was made
	CodeSetupCode       Code = "setup_code_wrong" // the set-up address is not the printed one
	CodeFormForeign     Code = "form_foreign"     // a form that was not made here for this session
	CodeKeyUnknown      Code = "sealing_key_unknown"

	CodeOrganizationNotFound  Code = "organization_not_found"
	CodeOrganizationExists    Code = "organization_exists"
	CodeOrganizationCode      Code = "organization_code"
	CodeOrganizationInactive  Code = "organization_inactive"
	CodeDepartmentNotFound    Code = "department_not_found"
	CodeDepartmentExists      Code = "department_exists"
	CodeDepartmentNotEmpty    Code = "department_not_empty"
	CodeDepartmentRoot        Code = "department_root"
	CodeDepartmentBelowItself Code = "department_below_itself"
	CodeDepartmentLevels      Code = "department_levels"
	CodeDepartmentCount       Code = "department_count"
	CodeDepartmentChildren    Code = "department_children"
	CodeDepartmentCodeChange  Code = "department_code_immutable"
	CodeMemberNotFound        Code = "member_not_found"
	CodeMemberExists          Code = "member_exists"
	CodeMemberState           Code = "member_state"
	CodeMemberLimit           Code = "member_limit"
	CodeGroupNotFound         Code = "group_not_found"
	CodeGroupExists           Code = "group_exists" // of this name
	CodeThirdAccountTaken     Code = "third_account_taken"
	CodeAccountNotFound       Code = "account_not_found"
	CodeAccountTaken          Code = "account_taken"
	CodeAccountFormat         Code = "account_format"
	CodeMobileTaken           Code = "mobile_taken"
	CodeEmailTaken            Code = "email_taken"
	CodeMobileFormat          Code = "mobile_format"
	CodeEmailFormat           Code = "email_format"
	CodeOwnerProtected        Code = "owner_protected"
	CodeOwnerNotOrdinary      Code = "owner_not_ordinary"
	CodeAdministratorNotFound Code = "administrator_not_found"
	CodeLastAdministrator     Code = "last_administrator" // of the provider
	CodeAlreadyOwner          Code = "already_owner"
	CodeOwnerElsewhere        Code = "owner_elsewhere" // the owner-to-be owns another organisation
	CodeAutoCreateForbidden   Code = "auto_create_forbidden"
	CodeAutoCreateFailed      Code = "auto_create_failed"

	CodeOrganizationDissolving Code = "organization_dissolving" // its end was decided and cannot be stopped
	CodeConfirmation           Code = "confirmation_wrong"      // what had to be typed to confirm was not

	CodeSignInFailed   Code = "sign_in_failed"  // unknown account or wrong password
	CodeMemberDisabled Code = "member_disabled" // only after the right proof
	CodeMemberExpired  Code = "member_expired"  // likewise; the end of the membership has come
	CodeLocked         Code = "locked"          // param seconds
	CodeSSOOnly        Code = "sso_only"        // param domain; the enterprise signs in through its centre
	CodeSSOPassword    Code = "sso_password"    // param domain; it has no passwords to change or recover
	CodeAuthType       Code = "sign_in_type"    // a way of signing in that is not served
	CodePasswordChange Code = "password_change_required"

	CodeSourceFailed      Code = "source_failed"       // what the centre did or said was not as it should be
	CodeSourceDenied      Code = "source_denied"       // the person cancelled at the centre, or it refuses them
	CodeAttemptEnded      Code = "attempt_ended"       // the way to the centre and back took too long, or was finished before
	CodeSSOUnknown        Code = "sso_unknown"         // no enterprise signs in by this domain
	CodeSSODomainReserved Code = "sso_domain_reserved" // it is another organisation's own domain
	CodeSSOSecretRequired Code = "sso_secret_required" // an address that is sent the secret was changed
	CodeSSOUntried        Code = "sso_untried"         // exactly these settings were not tried with success
	CodeTryNotFound       Code = "try_not_found"
	CodeTryForeign        Code = "try_foreign"
	CodeSSOScheme         Code = "sso_scheme_missing" // param client; no address opens that app again

	CodePasswordOld       Code = "password_old_wrong"
	CodePasswordLength    Code = "password_length" // params min, max
	CodePasswordClasses   Code = "password_classes"
	CodePasswordRecent    Code = "password_recent"
	CodePasswordRepeats   Code = "password_repeats"
	CodePasswordTooSoon   Code = "password_too_soon"
	CodePasswordAccount   Code = "password_contains_account"
	CodePasswordSimilar   Code = "password_similar"
	CodePasswordIllegal   Code = "password_illegal"
	CodePasswordBreached  Code = "password_breached"
	CodePasswordForbidden Code = "password_reset_forbidden"
	CodePasswordAbsent    Code = "password_not_supported"

	CodeCaptchaRequired Code = "captcha_required"
	CodeCaptchaFailed   Code = "captcha_failed"
	CodeCaptchaToken    Code = "captcha_token"
	CodeCodeWrong       Code = "code_wrong"
	CodeCodeExpired     Code = "code_expired"
	CodeCodeAttempts    Code = "code_attempts"
	CodeCodeTooSoon     Code = "code_too_soon" // param seconds
	CodeCodeLocked      Code = "code_locked"
	CodeCodeDaily       Code = "code_daily_limit"
	CodeCodeNoContact   Code = "code_no_contact"
	CodeCodeSend        Code = "code_send_failed"
	CodeSMSUnsupported  Code = "sms_unsupported"

	CodeAppIDNotFound    Code = "app_id_not_found"
	CodeAppIDExists      Code = "app_id_exists"
	CodeAppIDLimit       Code = "app_id_limit" // param max
	CodeAppIDFormat      Code = "app_id_format"
	CodeAppKeyFormat     Code = "app_key_format"
	CodeAppIDRefused     Code = "app_id_refused" // unknown App ID, wrong key and wrong signature alike
	CodeSignatureExpired Code = "signature_expired"
	CodeSignatureForever Code = "signature_never_expires"
	CodeSignatureFar     Code = "signature_expires_too_far"
	CodeNonceUsed        Code = "nonce_used"

	CodeTokenMissing Code = "token_missing"
	CodeTokenUnknown Code = "token_unknown"
	CodeTokenKicked  Code = "token_kicked"
	CodeTokenForeign Code = "token_foreign"
	CodeTokenExpired Code = "token_expired"
	CodeTokenRevoked Code = "token_revoked"
	CodeGrantInvalid Code = "grant_invalid" // an authorization code or a refresh token that does not count

	CodeSessionUnknown  Code = "session_unknown"   // the browser carries no session, or not its secret
	CodeSessionEnded    Code = "session_ended"     // before its time
	CodeSessionExpired  Code = "session_expired"   // unused for too long, or as old as it may get
	CodeSessionNotFound Code = "session_not_found" // among those of somebody

	CodeLoginRequired       Code = "login_required"       // nobody is signed in, or not as an application demands, and no page may ask
	CodeConsentRequired     Code = "consent_required"     // what an application asks for was not agreed to, and no page may ask
	CodeInteractionRequired Code = "interaction_required" // something has to be done on a page first, and none may be shown
	CodeAccessDenied        Code = "access_denied"        // the person refused
	CodeEntryRefused        Code = "entry_refused"        // may not enter this application
	CodeConsentNotFound     Code = "consent_not_found"    // nothing was agreed to, or no more
	CodeRequestNotFound     Code = "request_not_found"
	CodeRequestDecided      Code = "request_decided"  // decided or withdrawn before
	CodeRequestOrder        Code = "request_order"    // whoever wishes to enter joins first
	CodeRequestForeign      Code = "request_foreign"  // the account belongs to another organisation and joins none
	CodeRequestNeedless     Code = "request_needless" // may enter without asking

	CodeSourceNotFound   Code = "source_not_found"
	CodeSourceExists     Code = "source_exists"  // of this name
	CodeSourceName       Code = "source_name"    // the name is enterprise SSO's
	CodeSourceLimit      Code = "source_limit"   // param max
	CodeSourceUsed       Code = "source_used"    // param applications
	CodeSourceDefault    Code = "source_default" // people are led to it without being asked
	CodeGrantUnsafe      Code = "grant_unsafe"   // param grant
	CodeGrantNobody      Code = "grant_nobody"   // param grant
	CodeLinkExists       Code = "link_exists"
	CodeLinkNotFound     Code = "link_not_found"
	CodeLinkLast         Code = "link_last"          // without another way in
	CodeSourceNoMember   Code = "source_no_member"   // whom the source means, and none is made
	CodeSourceProve      Code = "source_prove"       // by a contact that the source has not proven
	CodeSourceNotOffered Code = "source_not_offered" // by the application, or not there
	CodeSourceKindLimit  Code = "source_kind_limit"  // params kind, max
	CodeSourceDisabled   Code = "source_disabled"
	CodeMemberGuest      Code = "member_guest" // has neither password nor another role

	CodeOutsideDepartments   Code = "outside_departments"   // of those the actor administers
	CodeAdministratorNowhere Code = "administrator_nowhere" // a department administrator without a department
	CodeAdministeredLimit    Code = "administered_limit"    // param max; departments of one administrator
	CodeSSODomainTaken       Code = "sso_domain_taken"

	CodeSetupLinkNotFound Code = "setup_link_not_found"
	CodeSetupLinkEnded    Code = "setup_link_ended" // opened in another browser, submitted, taken back or too old
	CodeSetupLinkEmpty    Code = "setup_link_empty" // nothing was filled in that could be submitted
	CodeSetupLinkState    Code = "setup_link_state" // param state; what is asked for does not fit how far the link came
	CodeSetupLinkLimit    Code = "setup_link_limit" // param max; of one source
	CodeDomainNotFound    Code = "domain_not_found"
	CodeDomainTaken       Code = "domain_taken"    // another organisation proved that it is theirs
	CodeDomainLimit       Code = "domain_limit"    // param max
	CodeDomainUnproven    Code = "domain_unproven" // params domain, record; the record was not found

	CodeApplicationNotFound Code = "application_not_found"
	CodeApplicationExists   Code = "application_exists"      // of this client id
	CodeApplicationLimit    Code = "application_limit"       // param max
	CodeApplicationTarget   Code = "application_target"      // params field, key; named in a rule of access and not there
	CodeApplicationOwned    Code = "application_responsible" // another member answers for it
	CodeResponsibleOrdinary Code = "responsible_ordinary"    // not an administrator
	CodeProtocolFixed       Code = "protocol_immutable"
	CodeSecretLimit         Code = "secret_limit"    // param max
	CodeSecretNone          Code = "secret_none"     // nothing to revoke
	CodeRedirectUnsafe      Code = "redirect_unsafe" // params url, want
	CodeClaimReserved       Code = "claim_reserved"  // param claim
	CodeClaimAttribute      Code = "claim_attribute" // param attribute
	CodeListLength          Code = "list_length"     // param max
	CodeListTwice           Code = "list_twice"
	CodeIconFormat          Code = "icon_format" // params size, side
	CodeIconNotFound        Code = "icon_not_found"

	CodeTaskNotFound     Code = "task_not_found"
	CodeTaskFileNotFound Code = "task_file_not_found"
	CodeTaskEnded        Code = "task_ended" // nothing is left to be taken back
	CodeTaskLimit        Code = "task_limit" // param max; of one organisation, that have not ended

	CodeImportEmpty      Code = "import_empty"       // without headings, or without a row below them
	CodeImportTooLarge   Code = "import_too_large"   // param max; in MiB
	CodeImportEncoding   Code = "import_encoding"    // no encoding that is read, or more than one
	CodeImportFormat     Code = "import_format"      // param row; 0 where it is in no row
	CodeImportWorkbook   Code = "import_workbook"    // param part; a part of a workbook that is not read
	CodeImportRows       Code = "import_rows"        // param max
	CodeImportColumns    Code = "import_columns"     // param max
	CodeImportCell       Code = "import_cell"        // param max; in bytes
	CodeImportHeading    Code = "import_heading"     // params heading, known
	CodeImportHeadings   Code = "import_headings"    // param heading; which is there twice
	CodeImportNobody     Code = "import_nobody"      // neither of the columns that tell whom a row is about
	CodeImportRepeated   Code = "import_repeated"    // param row; which is about the same person
	CodeImportPasswords  Code = "import_passwords"   // param max
	CodeImportAtomic     Code = "import_atomic"      // param max; rows that are all taken over or none
	CodeImportRefused    Code = "import_refused"     // param count; rows, for which none was taken over
	CodeImportRole       Code = "import_role"        // param role; which the person has
	CodeImportDepartment Code = "import_department"  // param department; that is not there
	CodeImportGroup      Code = "import_group"       // param group; that is not there
	CodeImportClear      Code = "import_clear"       // a column that cannot be emptied
	CodeImportStopped    Code = "import_interrupted" // failed again and again for reasons of ours

	CodeTraceNotFound Code = "trace_not_found"
	CodeAPITokenName  Code = "api_token_name"
	CodeManifest      Code = "manifest_invalid" // param count
	CodeManifestLine  Code = "manifest_line"    // param text, in English like the manifest's keys

	CodeEgressAddress     Code = "egress_address"     // param host; a spelling no address or name has
	CodeEgressBlocked     Code = "egress_blocked"     // param host; inside, and not allowed
	CodeEgressUnresolved  Code = "egress_unresolved"  // param host
	CodeEgressUnreachable Code = "egress_unreachable" // param host
	CodeEgressTimeout     Code = "egress_timeout"     // param host
	CodeEgressTLS         Code = "egress_tls"         // param host
	CodeEgressRedirect    Code = "egress_redirect"    // param host
	CodeEgressTooLarge    Code = "egress_too_large"   // params host, max
)
