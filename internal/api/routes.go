package api

import "slices"

// routes are all the operations. Whoever adds one adds a row to one of the
// tables below; the tests take theirs from the document that is made of them.
func routes() []route {
	return slices.Concat(
		installationRoutes(),
		organizationRoutes(),
		memberRoutes(),
		peopleRoutes(),
		taskRoutes(),
		groupRoutes(),
		contactRoutes(),
		factorRoutes(),
		regionRoutes(),
		messageTextRoutes(),
		resourceRoutes(),
		deviceRoutes(),
		reportRoutes(),
		privacyRoutes(),
		ssoRoutes(),
		sourceRoutes(),
		domainRoutes(),
		attributeRoutes(),
		appIDRoutes(),
		applicationRoutes(),
		syncRoutes(),
		webhookRoutes(),
	)
}

func installationRoutes() []route {
	return []route{
		{method: "GET", path: "/version", id: "version", summary: "Which program answers", do: with(version), public: true},
		{method: "GET", path: "/me", id: "me", summary: "Who the caller is", do: with(whoAmI)},
		{method: "GET", path: "/me/sessions", id: "list-my-sessions", summary: "List the browsers in which the caller is signed in", do: with(listMySessions)},
		{method: "DELETE", path: "/me/sessions", id: "end-my-sessions", summary: "Sign the caller out of every browser", do: with(endMySessions)},
		{method: "DELETE", path: "/me/sessions/{session}", id: "end-my-session", summary: "Sign the caller out of one browser", do: with(endMySession)},
		{method: "GET", path: "/me/sessions/{session}/report", id: "report-my-session", summary: "Tell where a session of the caller was used, and who was told of its end", do: with(reportMySession)},
		{method: "GET", path: "/me/requests", id: "list-my-requests", summary: "List what the caller asked for", do: with(listMyRequests)},
		{method: "DELETE", path: "/me/requests/{request}", id: "withdraw-my-request", summary: "Withdraw what the caller asked for", do: with(withdrawMyRequest)},
		{method: "GET", path: "/me/applications", id: "list-my-applications", summary: "List the applications that the caller may open", do: with(listMyApplications)},
		{method: "GET", path: "/me/grants", id: "list-my-grants", summary: "List what the caller granted to applications", do: with(listMyGrants)},
		{method: "DELETE", path: "/me/grants", id: "revoke-my-grants", summary: "Revoke what the caller granted to applications", do: with(revokeMyGrants)},
		{method: "GET", path: "/me/events", id: "list-my-events", summary: "List the caller's own sign-ins", do: with(listMyEvents)},
		{method: "GET", path: "/provider/administrators", id: "list-provider-administrators", summary: "List the administrators of the provider", do: with(listProviderAdministrators)},
		{method: "POST", path: "/provider/administrators", id: "add-provider-administrator", summary: "Make an administrator of the provider", do: making(addProviderAdministrator)},
		{method: "DELETE", path: "/provider/administrators/{account}", id: "remove-provider-administrator", summary: "Remove an administrator of the provider", do: with(removeProviderAdministrator)},
		{method: "GET", path: "/api-tokens", id: "list-api-tokens", summary: "List the management tokens", do: with(listAPITokens)},
		{method: "POST", path: "/api-tokens", id: "add-api-token", summary: "Make a management token", do: making(addAPIToken)},
		{method: "DELETE", path: "/api-tokens/{token}", id: "revoke-api-token", summary: "Revoke a management token", do: with(revokeAPIToken)},
		{method: "GET", path: "/settings/mail", id: "get-mail-settings", summary: "Read the settings of mails", do: with(getMail)},
		{method: "PUT", path: "/settings/mail", id: "set-mail-settings", summary: "Set through which server mails leave", do: with(setMail)},
		{method: "POST", path: "/settings/mail/test", id: "try-mail-settings", summary: "Send a mail by settings that are not saved", do: with(tryMail)},
		{method: "POST", path: "/settings/sms/test", id: "try-sms-settings", summary: "Send a short message by settings that are not saved", do: with(trySMS)},
		{method: "GET", path: "/settings/sms", id: "get-sms-settings", summary: "Read the settings of short messages", do: with(getSMS)},
		{method: "PUT", path: "/settings/sms", id: "set-sms-settings", summary: "Set to which gateway short messages go", do: with(setSMS)},
		{method: "GET", path: "/settings/message-limits", id: "get-message-limits", summary: "Read how many messages may be sent", do: with(getMessageLimits)},
		{method: "PUT", path: "/settings/message-limits", id: "set-message-limits", summary: "Set how many messages may be sent", do: with(setMessageLimits)},
		{method: "GET", path: "/messages", id: "list-messages", summary: "List where mails and short messages are", do: with(listMessages)},
		{method: "GET", path: "/events", id: "list-events", summary: "Read the operation log of the installation", do: with(listEvents)},
		{method: "GET", path: "/events/export", id: "export-events", summary: "Read the operation log of the installation as CSV", do: with(exportEvents)},
		{method: "GET", path: "/traces/{id}", id: "find-traces", summary: "Find the story of a sign-in", do: with(findTraces)},
		{method: "GET", path: "/manifest", id: "export-manifest", summary: "Export the installation as a manifest", do: with(exportManifest)},
		{method: "POST", path: "/manifest/plan", id: "plan-manifest", summary: "Tell what a manifest would change", do: with(planManifest)},
		{method: "POST", path: "/manifest/apply", id: "apply-manifest", summary: "Apply a manifest", do: with(applyManifest)},
	}
}

func organizationRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations", id: "list-organizations", summary: "List organisations", do: with(listOrganizations)},
		{method: "POST", path: "/organizations", id: "add-organization", summary: "Make an organisation", do: making(addOrganization)},
		{method: "GET", path: "/organizations/{org}", id: "get-organization", summary: "Read an organisation", do: with(getOrganization)},
		{method: "PATCH", path: "/organizations/{org}", id: "change-organization", summary: "Change an organisation", do: with(changeOrganization)},
		{method: "DELETE", path: "/organizations/{org}", id: "remove-organization", summary: "Remove an organisation with everything in it", do: with(removeOrganization)},
		{method: "POST", path: "/organizations/{org}/dissolve", id: "dissolve-organization", summary: "Dissolve an organisation with everything in it, for ever", do: with(dissolveOrganization)},
		{method: "GET", path: "/organizations/{org}/departments", id: "list-departments", summary: "List departments, parents before their children", do: with(listDepartments)},
		{method: "POST", path: "/organizations/{org}/departments", id: "add-department", summary: "Make a department", do: making(addDepartment)},
		{method: "GET", path: "/organizations/{org}/departments/{dept}", id: "get-department", summary: "Read a department", do: with(getDepartment)},
		{method: "PATCH", path: "/organizations/{org}/departments/{dept}", id: "change-department", summary: "Change or move a department", do: with(changeDepartment)},
		{method: "DELETE", path: "/organizations/{org}/departments/{dept}", id: "remove-department", summary: "Remove an empty department", do: with(removeDepartment)},
		{method: "GET", path: "/organizations/{org}/departments/{dept}/administrators", id: "list-department-administrators", summary: "List who administers a department itself", do: with(listDepartmentAdministrators)},
		{method: "GET", path: "/organizations/{org}/administrators", id: "list-administrators", summary: "List owner and administrators", do: with(listAdministrators)},
		{method: "GET", path: "/organizations/{org}/events", id: "list-organization-events", summary: "Read the operation log of an organisation", do: with(listOrganizationEvents)},
		{method: "GET", path: "/organizations/{org}/events/export", id: "export-organization-events", summary: "Read the operation log of an organisation as CSV", do: with(exportOrganizationEvents)},
		{method: "GET", path: "/organizations/{org}/traces", id: "list-traces", summary: "List the stories of sign-ins, newest first", do: with(listTraces)},
	}
}

func memberRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/members", id: "list-members", summary: "List members", do: with(listMembers)},
		{method: "POST", path: "/organizations/{org}/members", id: "add-member", summary: "Make a member", do: making(addMember)},
		{method: "POST", path: "/organizations/{org}/members/switch-domain", id: "switch-domain", summary: "Give the accounts of members another domain", do: with(switchDomain)},
		{method: "GET", path: "/organizations/{org}/members/{member}", id: "get-member", summary: "Read a member", do: with(getMember)},
		{method: "PATCH", path: "/organizations/{org}/members/{member}", id: "change-member", summary: "Change a member", do: with(changeMember)},
		{method: "DELETE", path: "/organizations/{org}/members/{member}", id: "remove-member", summary: "Remove a member with the managed account", do: with(removeMember)},
		{method: "POST", path: "/organizations/{org}/members/{member}/suspend", id: "suspend-member", summary: "Bar a member from signing in", do: with(suspendMember)},
		{method: "POST", path: "/organizations/{org}/members/{member}/resume", id: "resume-member", summary: "Let a suspended member sign in again", do: with(resumeMember)},
		{method: "POST", path: "/organizations/{org}/members/{member}/reset-password", id: "reset-password", summary: "Send a member a new password", do: with(resetPassword)},
		{method: "GET", path: "/organizations/{org}/members/{member}/links", id: "list-links", summary: "List with which accounts at authentication sources a member is linked", do: with(listLinks)},
		{method: "DELETE", path: "/organizations/{org}/members/{member}/links/{link}", id: "remove-link", summary: "Remove a member's link with an authentication source", do: with(removeLink)},
		{method: "POST", path: "/organizations/{org}/members/{member}/role", id: "set-role", summary: "Give a member another role", do: with(setRole)},
		{method: "GET", path: "/organizations/{org}/members/{member}/sessions", id: "list-member-sessions", summary: "List the browsers in which a member is signed in", do: with(listMemberSessions)},
		{method: "DELETE", path: "/organizations/{org}/members/{member}/sessions", id: "end-member-sessions", summary: "Sign a member out of every browser", do: with(endMemberSessions)},
		{method: "DELETE", path: "/organizations/{org}/members/{member}/sessions/{session}", id: "end-member-session", summary: "Sign a member out of one browser", do: with(endMemberSession)},
		{method: "GET", path: "/organizations/{org}/members/{member}/sessions/{session}/report", id: "report-member-session", summary: "Tell where a session was used, and who was told of its end", do: with(reportMemberSession)},
		{method: "GET", path: "/organizations/{org}/members/{member}/picture", id: "get-picture", summary: "Read the picture of a member", do: with(getPicture)},
		{method: "PUT", path: "/organizations/{org}/members/{member}/picture", id: "set-picture", summary: "Set the picture of a member", do: with(setPicture)},
		{method: "DELETE", path: "/organizations/{org}/members/{member}/picture", id: "remove-picture", summary: "Remove the picture of a member", do: with(removePicture)},
		{method: "GET", path: "/me/picture", id: "get-my-picture", summary: "Read the caller's picture", do: with(getMyPicture)},
		{method: "PUT", path: "/me/picture", id: "set-my-picture", summary: "Set the caller's picture", do: with(setMyPicture)},
		{method: "DELETE", path: "/me/picture", id: "remove-my-picture", summary: "Remove the caller's picture", do: with(removeMyPicture)},
		{method: "GET", path: "/organizations/{org}/requests", id: "list-requests", summary: "List wishes to join and to enter applications", do: with(listRequests)},
		{method: "POST", path: "/organizations/{org}/requests/{request}/approve", id: "approve-request", summary: "Let somebody join, or enter an application", do: with(approveRequest)},
		{method: "POST", path: "/organizations/{org}/requests/{request}/reject", id: "reject-request", summary: "Reject somebody's wish", do: with(rejectRequest)},
		{method: "GET", path: "/organizations/{org}/members/{member}/grants", id: "list-member-grants", summary: "List what a member granted to applications", do: with(listMemberGrants)},
		{method: "DELETE", path: "/organizations/{org}/members/{member}/grants", id: "revoke-member-grants", summary: "Revoke what a member granted to applications", do: with(revokeMemberGrants)},
	}
}

func peopleRoutes() []route {
	return []route{
		{method: "GET", path: "/me/organizations", id: "list-my-organizations", summary: "List the organisations of the caller", do: with(listMyOrganizations)},
		{method: "POST", path: "/me/organizations", id: "add-my-organization", summary: "Make an organisation of the caller's own", do: making(addMyOrganization)},
		{method: "DELETE", path: "/me/organizations/{organization}", id: "leave-organization", summary: "End the caller's place in an organisation", do: with(leaveOrganization)},
		{method: "GET", path: "/me/quota-requests", id: "list-my-quota-requests", summary: "List the caller's wishes to own more organisations", do: with(listMyQuotas)},
		{method: "POST", path: "/me/quota-requests", id: "add-my-quota-request", summary: "Ask to own one organisation more", do: making(addMyQuota)},
		{method: "GET", path: "/settings/accounts", id: "get-account-settings", summary: "Read what people may do by themselves", do: with(getAccountSettings)},
		{method: "PUT", path: "/settings/accounts", id: "set-account-settings", summary: "Set what people may do by themselves", do: with(setAccountSettings)},
		{method: "GET", path: "/provider/quota-requests", id: "list-provider-quota-requests", summary: "List wishes for more members and organisations", do: with(listProviderQuotas)},
		{method: "POST", path: "/provider/quota-requests/{quota_request}/approve", id: "approve-quota-request", summary: "Grant more members, or one organisation more", do: with(approveQuota)},
		{method: "POST", path: "/provider/quota-requests/{quota_request}/reject", id: "reject-quota-request", summary: "Refuse somebody's wish for room", do: with(rejectQuota)},
		{method: "GET", path: "/organizations/{org}/quota-requests", id: "list-quota-requests", summary: "List wishes for more members", do: with(listQuotas)},
		{method: "POST", path: "/organizations/{org}/quota-requests", id: "add-quota-request", summary: "Ask for room for 100 more members", do: making(addQuota)},
		{method: "GET", path: "/organizations/{org}/invitations", id: "list-invitations", summary: "List invitations, newest first", do: with(listInvitations)},
		{method: "POST", path: "/organizations/{org}/invitations", id: "add-invitation", summary: "Invite somebody to become a member with an account of their own", do: making(addInvitation)},
		{method: "GET", path: "/organizations/{org}/invitations/{invitation}", id: "get-invitation", summary: "Read an invitation", do: with(getInvitation)},
		{method: "DELETE", path: "/organizations/{org}/invitations/{invitation}", id: "cancel-invitation", summary: "Take an invitation back", do: with(cancelInvitation)},
		{method: "POST", path: "/organizations/{org}/invitations/{invitation}/resend", id: "resend-invitation", summary: "Send an invitation again, for its whole life; the earlier link is dead", do: with(resendInvitation)},
		{method: "GET", path: "/organizations/{org}/handover", id: "get-handover", summary: "Read to whom an organisation is offered", do: with(getHandover)},
		{method: "POST", path: "/organizations/{org}/handover", id: "add-handover", summary: "Offer an organisation to somebody, who becomes its owner by accepting", do: making(addHandover)},
		{method: "DELETE", path: "/organizations/{org}/handover", id: "withdraw-handover", summary: "Take the offer of an organisation back", do: with(withdrawHandover)},
	}
}

func taskRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/import-template", id: "get-import-template", summary: "Read an empty file with the headings of all columns", do: with(getImportTemplate)},
		{method: "GET", path: "/organizations/{org}/imports", id: "list-imports", summary: "List imports, newest first", do: with(listImports)},
		{method: "POST", path: "/organizations/{org}/imports", id: "add-import", summary: "Have a file of members or contacts imported", do: taking(addImport)},
		{method: "GET", path: "/organizations/{org}/imports/{import}", id: "get-import", summary: "Read how far an import is", do: with(getImport)},
		{method: "GET", path: "/organizations/{org}/imports/{import}/original", id: "get-import-original", summary: "Read the file of an import", do: with(getImportOriginal)},
		{method: "GET", path: "/organizations/{org}/imports/{import}/refusals", id: "list-import-refusals", summary: "List why rows of an import were refused", do: with(listImportRefusals)},
		{method: "GET", path: "/organizations/{org}/imports/{import}/result", id: "get-import-result", summary: "Read the refused rows of an import as a file, with the reasons", do: with(getImportResult)},
		{method: "POST", path: "/organizations/{org}/imports/{import}/cancel", id: "cancel-import", summary: "Cancel an import; what it has taken over stays", do: with(cancelImport)},
		{method: "GET", path: "/organizations/{org}/exports", id: "list-exports", summary: "List exports, newest first", do: with(listExports)},
		{method: "POST", path: "/organizations/{org}/exports", id: "add-export", summary: "Have members or contacts written to a file", do: making(addExport)},
		{method: "GET", path: "/organizations/{org}/exports/{export}", id: "get-export", summary: "Read how far an export is", do: with(getExport)},
		{method: "GET", path: "/organizations/{org}/exports/{export}/result", id: "get-export-result", summary: "Read the file of an export", do: with(getExportResult)},
		{method: "POST", path: "/organizations/{org}/exports/{export}/cancel", id: "cancel-export", summary: "Cancel an export", do: with(cancelExport)},
	}
}

func groupRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/groups", id: "list-groups", summary: "List groups; to who does not manage them, those they own", do: with(listGroups)},
		{method: "POST", path: "/organizations/{org}/groups", id: "add-group", summary: "Make a group", do: making(addGroup)},
		{method: "GET", path: "/organizations/{org}/groups/{group}", id: "get-group", summary: "Read a group", do: with(getGroup)},
		{method: "PATCH", path: "/organizations/{org}/groups/{group}", id: "change-group", summary: "Change a group", do: with(changeGroup)},
		{method: "DELETE", path: "/organizations/{org}/groups/{group}", id: "remove-group", summary: "Remove a group that no application lets in; its members stay", do: with(removeGroup)},
		{method: "GET", path: "/organizations/{org}/groups/{group}/members", id: "list-group-members", summary: "List the members of a group", do: with(listGroupMembers)},
		{method: "POST", path: "/organizations/{org}/groups/{group}/members", id: "add-group-members", summary: "Put members into a group", do: with(addGroupMembers)},
		{method: "DELETE", path: "/organizations/{org}/groups/{group}/members/{member}", id: "remove-group-member", summary: "Take a member out of a group", do: with(removeGroupMember)},
		{method: "GET", path: "/organizations/{org}/groups/{group}/owners", id: "list-group-owners", summary: "List who owns a group and says who is in it", do: with(listGroupOwners)},
		{method: "POST", path: "/organizations/{org}/groups/{group}/owners", id: "add-group-owners", summary: "Make members owners of a group", do: with(addGroupOwners)},
		{method: "DELETE", path: "/organizations/{org}/groups/{group}/owners/{member}", id: "remove-group-owner", summary: "Take a group from one of its owners", do: with(removeGroupOwner)},
	}
}

func contactRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/contacts", id: "list-contacts", summary: "List the people outside whom all members share", do: with(listContacts)},
		{method: "POST", path: "/organizations/{org}/contacts", id: "add-contact", summary: "Write somebody outside down for all members", do: making(addContact)},
		{method: "GET", path: "/organizations/{org}/contacts/{contact}", id: "get-contact", summary: "Read a contact", do: with(getContact)},
		{method: "PATCH", path: "/organizations/{org}/contacts/{contact}", id: "change-contact", summary: "Change a contact", do: with(changeContact)},
		{method: "DELETE", path: "/organizations/{org}/contacts/{contact}", id: "remove-contact", summary: "Remove a contact", do: with(removeContact)},
		{method: "GET", path: "/me/contacts", id: "list-my-contacts", summary: "List the caller's own contacts", do: with(listMyContacts)},
		{method: "POST", path: "/me/contacts", id: "add-my-contact", summary: "Write somebody outside down for the caller alone", do: making(addMyContact)},
		{method: "GET", path: "/me/contacts/{contact}", id: "get-my-contact", summary: "Read a contact of the caller", do: with(getMyContact)},
		{method: "PATCH", path: "/me/contacts/{contact}", id: "change-my-contact", summary: "Change a contact of the caller", do: with(changeMyContact)},
		{method: "DELETE", path: "/me/contacts/{contact}", id: "remove-my-contact", summary: "Remove a contact of the caller", do: with(removeMyContact)},
	}
}

func resourceRoutes() []route {
	return []route{
		{method: "GET", path: "/provider/resource-totals", id: "get-provider-resource-totals", summary: "Tell what the installation has and uses of each kind of resource", do: with(getProviderResourceTotals)},
		{method: "GET", path: "/organizations/{org}/resource-totals", id: "get-resource-totals", summary: "Tell what an organisation has, uses and has left of each kind of resource", do: with(getResourceTotals)},
		{method: "GET", path: "/organizations/{org}/resource-records", id: "list-resource-records", summary: "List what was done to the resources of an organisation, newest first", do: with(listResourceRecords)},
		{method: "GET", path: "/organizations/{org}/resources", id: "list-resources", summary: "List what was granted to an organisation", do: with(listResources)},
		{method: "POST", path: "/organizations/{org}/resources", id: "add-resource", summary: "Grant an organisation a resource", do: making(addResource)},
		{method: "GET", path: "/organizations/{org}/resources/{resource}", id: "get-resource", summary: "Read a resource", do: with(getResource)},
		{method: "PATCH", path: "/organizations/{org}/resources/{resource}", id: "change-resource", summary: "Change a resource", do: with(changeResource)},
		{method: "DELETE", path: "/organizations/{org}/resources/{resource}", id: "remove-resource", summary: "Take a resource back that is not in use", do: with(removeResource)},
	}
}

func deviceRoutes() []route {
	return []route{
		{method: "GET", path: "/terminal-models", id: "list-terminal-models", summary: "List the models of terminals and what they can do", do: with(listTerminalModels)},
		{method: "GET", path: "/organizations/{org}/terminals", id: "list-terminals", summary: "List terminals", do: with(listTerminals)},
		{method: "POST", path: "/organizations/{org}/terminals", id: "add-terminal", summary: "Make a terminal", do: making(addTerminal)},
		{method: "POST", path: "/organizations/{org}/terminals/enable", id: "enable-terminals", summary: "Let terminals in again", do: with(enableTerminals)},
		{method: "POST", path: "/organizations/{org}/terminals/disable", id: "disable-terminals", summary: "Bar terminals from signing in", do: with(disableTerminals)},
		{method: "POST", path: "/organizations/{org}/terminals/remove", id: "remove-terminals", summary: "Remove terminals; rooms lent to them are lent to nobody", do: with(removeTerminals)},
		{method: "GET", path: "/organizations/{org}/terminals/{terminal}", id: "get-terminal", summary: "Read a terminal", do: with(getTerminal)},
		{method: "PATCH", path: "/organizations/{org}/terminals/{terminal}", id: "change-terminal", summary: "Change a terminal", do: with(changeTerminal)},
		{method: "DELETE", path: "/organizations/{org}/terminals/{terminal}", id: "remove-terminal", summary: "Remove a terminal; rooms lent to it are lent to nobody", do: with(removeTerminal)},
		{method: "POST", path: "/organizations/{org}/terminals/{terminal}/reset-activation", id: "reset-terminal-activation", summary: "Give a terminal another activation code and send it to somebody", do: with(resetTerminal)},
		{method: "GET", path: "/organizations/{org}/activation-codes", id: "list-activation-codes", summary: "List the codes by which devices become the organisation's", do: with(listActivationCodes)},
		{method: "POST", path: "/organizations/{org}/activation-codes", id: "add-activation-code", summary: "Make an activation code", do: making(addActivationCode)},
		{method: "POST", path: "/organizations/{org}/activation-codes/remove", id: "remove-activation-codes", summary: "Remove activation codes with the devices behind them", do: with(removeActivationCodes)},
		{method: "GET", path: "/organizations/{org}/activation-codes/{activation_code}", id: "get-activation-code", summary: "Read an activation code", do: with(getActivationCode)},
		{method: "DELETE", path: "/organizations/{org}/activation-codes/{activation_code}", id: "remove-activation-code", summary: "Remove an activation code with the device behind it", do: with(removeActivationCode)},
		{method: "POST", path: "/organizations/{org}/activation-codes/{activation_code}/reset", id: "reset-activation-code", summary: "Give a device another activation code, and send it to somebody", do: with(resetActivationCode)},
		{method: "GET", path: "/organizations/{org}/rooms", id: "list-rooms", summary: "List meeting rooms", do: with(listRooms)},
		{method: "POST", path: "/organizations/{org}/rooms/lend", id: "lend-rooms", summary: "Lend meeting rooms to a member or a terminal", do: with(lendRooms)},
		{method: "POST", path: "/organizations/{org}/rooms/recall", id: "recall-rooms", summary: "Take meeting rooms back, from the one that is named or whoever has them", do: with(recallRooms)},
		{method: "POST", path: "/organizations/{org}/rooms/remove", id: "remove-rooms", summary: "Remove meeting rooms that are lent to nobody", do: with(removeRooms)},
		{method: "GET", path: "/organizations/{org}/rooms/{room}", id: "get-room", summary: "Read a meeting room", do: with(getRoom)},
		{method: "DELETE", path: "/organizations/{org}/rooms/{room}", id: "remove-room", summary: "Remove a meeting room that is lent to nobody", do: with(removeRoom)},
		{method: "GET", path: "/me/rooms", id: "list-my-rooms", summary: "List the caller's meeting rooms, with their passwords", do: with(listMyRooms)},
		{method: "GET", path: "/me/rooms/{room}", id: "get-my-room", summary: "Read a meeting room of the caller", do: with(getMyRoom)},
		{method: "PATCH", path: "/me/rooms/{room}", id: "change-my-room", summary: "Change a meeting room of the caller", do: with(changeMyRoom)},
	}
}

func ssoRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/sso", id: "get-sso", summary: "Read the enterprise sign-in", do: with(getSSO)},
		{method: "PUT", path: "/organizations/{org}/sso", id: "set-sso", summary: "Set the enterprise sign-in, without a try", do: with(setSSO)},
		{method: "DELETE", path: "/organizations/{org}/sso", id: "remove-sso", summary: "Remove the enterprise sign-in with everybody's links", do: with(removeSSO)},
		{method: "POST", path: "/organizations/{org}/sso/tries", id: "add-sso-try", summary: "Begin a try of an enterprise sign-in that is not saved", do: making(addTry)},
		{method: "GET", path: "/organizations/{org}/sso/tries/{try}", id: "get-sso-try", summary: "Read the report of a try", do: with(getTry)},
	}
}

func domainRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/domains", id: "list-domains", summary: "List the mail domains of an organisation", do: with(listDomains)},
		{method: "POST", path: "/organizations/{org}/domains", id: "add-domain", summary: "Add a domain, to be proven by a TXT or MX record within its trial", do: making(addDomain)},
		{method: "PATCH", path: "/organizations/{org}/domains/{domain}", id: "change-domain", summary: "Say by which source people of a domain sign in", do: with(changeDomain)},
		{method: "POST", path: "/organizations/{org}/domains/{domain}/verify", id: "verify-domain", summary: "Look for a record that proves a domain", do: with(verifyDomain)},
		{method: "DELETE", path: "/organizations/{org}/domains/{domain}", id: "remove-domain", summary: "Remove a domain", do: with(removeDomain)},
	}
}

func messageTextRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/message-texts", id: "list-message-texts", summary: "List how messages are told", do: with(listMessageTexts)},
		{method: "GET", path: "/message-texts", id: "list-own-message-texts", summary: "List how messages are told, for the whole installation", do: with(listOwnMessageTexts)},
		{method: "GET", path: "/organizations/{org}/message-texts/{kind}/{language}", id: "get-message-text", summary: "Read how a kind of message is told in a language", do: with(getMessageText)},
		{method: "GET", path: "/message-texts/{kind}/{language}", id: "get-own-message-text", summary: "Read how a kind of message is told in a language, for the whole installation", do: with(getOwnMessageText)},
		{method: "PUT", path: "/organizations/{org}/message-texts/{kind}/{language}", id: "set-message-text", summary: "Word a kind of message in a language", do: with(setMessageText)},
		{method: "PUT", path: "/message-texts/{kind}/{language}", id: "set-own-message-text", summary: "Word a kind of message in a language, for the whole installation", do: with(setOwnMessageText)},
		{method: "DELETE", path: "/organizations/{org}/message-texts/{kind}/{language}", id: "remove-message-text", summary: "Tell a kind of message as before", do: with(removeMessageText)},
		{method: "DELETE", path: "/message-texts/{kind}/{language}", id: "remove-own-message-text", summary: "Tell a kind of message as before, for the whole installation", do: with(removeOwnMessageText)},
		{method: "POST", path: "/organizations/{org}/message-texts/{kind}/{language}/preview", id: "preview-message-text", summary: "Fill words that are not saved with sample values", do: with(previewMessageText)},
		{method: "POST", path: "/message-texts/{kind}/{language}/preview", id: "preview-own-message-text", summary: "Fill words that are not saved with sample values, for the whole installation", do: with(previewOwnMessageText)},
		{method: "POST", path: "/organizations/{org}/message-texts/{kind}/{language}/test", id: "try-message-text", summary: "Send a sample in words that are not saved", do: with(tryMessageText)},
		{method: "POST", path: "/message-texts/{kind}/{language}/test", id: "try-own-message-text", summary: "Send a sample in words that are not saved, for the whole installation", do: with(tryOwnMessageText)},
	}
}

func factorRoutes() []route {
	return []route{
		{method: "GET", path: "/me/factors", id: "list-my-factors", summary: "List what the caller can prove themselves by beside the password", do: with(listMyFactors)},
		{method: "POST", path: "/me/factors", id: "begin-my-factor", summary: "Make the secret of an authenticator app", do: with(beginMyFactor)},
		{method: "POST", path: "/me/factors/confirm", id: "confirm-my-factor", summary: "Add the authenticator app by a code that it shows", do: with(confirmMyFactor)},
		{method: "POST", path: "/me/factors/passkeys", id: "begin-my-passkey", summary: "Prove the caller and ask their browser to make a passkey", do: with(beginMyPasskey)},
		{method: "POST", path: "/me/factors/passkeys/confirm", id: "confirm-my-passkey", summary: "Add the passkey that the browser made", do: with(addMyPasskey)},
		{method: "POST", path: "/me/factors/passkeys/challenge", id: "challenge-my-passkey", summary: "Ask a passkey of the caller for the proof of a change", do: with(askMyPasskey)},
		{method: "PATCH", path: "/me/factors/{factor}", id: "rename-my-factor", summary: "Rename a factor of the caller", do: with(renameMyFactor)},
		{method: "POST", path: "/me/factors/{factor}/remove", id: "remove-my-factor", summary: "Remove a factor of the caller", do: with(removeMyFactor)},
		{method: "POST", path: "/me/recovery-codes", id: "renew-my-recovery-codes", summary: "Make new recovery codes in place of all former ones", do: with(renewMyRecoveryCodes)},
		{method: "GET", path: "/organizations/{org}/members/{member}/factors", id: "list-member-factors", summary: "List what a member can prove themselves by beside the password", do: with(listMemberFactors)},
		{method: "DELETE", path: "/organizations/{org}/members/{member}/factors", id: "reset-member-factors", summary: "Remove all factors and recovery codes of a member", do: with(resetMemberFactors)},
	}
}

func regionRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/regions", id: "list-regions", summary: "List the parts of the network that access policies can name", do: with(listRegions)},
		{method: "POST", path: "/organizations/{org}/regions", id: "add-region", summary: "Name a part of the network", do: making(addRegion)},
		{method: "GET", path: "/organizations/{org}/regions/{region}", id: "get-region", summary: "Read a region", do: with(getRegion)},
		{method: "PATCH", path: "/organizations/{org}/regions/{region}", id: "change-region", summary: "Change a region", do: with(changeRegion)},
		{method: "DELETE", path: "/organizations/{org}/regions/{region}", id: "remove-region", summary: "Remove a region", do: with(removeRegion)},
	}
}

func attributeRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/attributes", id: "list-attributes", summary: "List which custom attributes members may have", do: with(listAttributes)},
		{method: "POST", path: "/organizations/{org}/attributes", id: "add-attribute", summary: "Define a custom attribute of members", do: making(addAttribute)},
		{method: "GET", path: "/organizations/{org}/attributes/{attribute}", id: "get-attribute", summary: "Read the definition of a custom attribute", do: with(getAttribute)},
		{method: "PATCH", path: "/organizations/{org}/attributes/{attribute}", id: "change-attribute", summary: "Change the label, place or showing of a custom attribute", do: with(changeAttribute)},
		{method: "DELETE", path: "/organizations/{org}/attributes/{attribute}", id: "remove-attribute", summary: "Remove the definition of a custom attribute of which no member has a value", do: with(removeAttribute)},
	}
}

func sourceRoutes() []route {
	return []route{
		{method: "GET", path: "/source-kinds", id: "list-source-kinds", summary: "List the kinds of authentication sources with their settings", do: with(listSourceKinds)},
		{method: "GET", path: "/organizations/{org}/sources", id: "list-sources", summary: "List the authentication sources of an organisation", do: with(listSources)},
		{method: "POST", path: "/organizations/{org}/sources", id: "add-source", summary: "Add an authentication source", do: making(addSource)},
		{method: "GET", path: "/organizations/{org}/sources/{source}", id: "get-source", summary: "Read an authentication source", do: with(getSource)},
		{method: "PATCH", path: "/organizations/{org}/sources/{source}", id: "change-source", summary: "Change an authentication source, without a try", do: with(changeSource)},
		{method: "DELETE", path: "/organizations/{org}/sources/{source}", id: "remove-source", summary: "Remove an authentication source with everybody's links", do: with(removeSource)},
		{method: "POST", path: "/organizations/{org}/sources/{source}/tries", id: "add-source-try", summary: "Begin a try of a change of an authentication source that is not saved", do: making(addSourceTry)},
		{method: "GET", path: "/organizations/{org}/sources/{source}/tries/{try}", id: "get-source-try", summary: "Read the report of a try of an authentication source", do: with(getSourceTry)},
		{method: "GET", path: "/organizations/{org}/sources/{source}/icon", id: "get-source-icon", summary: "Read the icon of an authentication source", do: with(getSourceIcon)},
		{method: "PUT", path: "/organizations/{org}/sources/{source}/icon", id: "set-source-icon", summary: "Set the icon of an authentication source", do: with(setSourceIcon)},
		{method: "POST", path: "/organizations/{org}/sources/{source}/setup-links", id: "add-setup-link", summary: "Make a link by which the other side fills in a source", do: making(addSetupLink)},
		{method: "GET", path: "/organizations/{org}/setup-links", id: "list-setup-links", summary: "List the set-up links of an organisation", do: with(listSetupLinks)},
		{method: "GET", path: "/organizations/{org}/setup-links/{setup_link}", id: "get-setup-link", summary: "Read a set-up link with what was filled in", do: with(getSetupLink)},
		{method: "POST", path: "/organizations/{org}/setup-links/{setup_link}/approve", id: "approve-setup-link", summary: "Put in force what was filled in", do: with(approveSetupLink)},
		{method: "POST", path: "/organizations/{org}/setup-links/{setup_link}/reject", id: "reject-setup-link", summary: "Throw away what was filled in", do: with(rejectSetupLink)},
		{method: "DELETE", path: "/organizations/{org}/setup-links/{setup_link}", id: "withdraw-setup-link", summary: "Take a set-up link back", do: with(withdrawSetupLink)},
		{method: "DELETE", path: "/organizations/{org}/sources/{source}/icon", id: "remove-source-icon", summary: "Remove the icon of an authentication source", do: with(removeSourceIcon)},
	}
}

func appIDRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/app-ids", id: "list-app-ids", summary: "List the App IDs of an organisation", do: with(listAppIDs)},
		{method: "POST", path: "/organizations/{org}/app-ids", id: "add-app-id", summary: "Make an App ID", do: making(addAppID)},
		{method: "GET", path: "/organizations/{org}/app-ids/{app_id}", id: "get-app-id", summary: "Read an App ID", do: with(getAppID)},
		{method: "PATCH", path: "/organizations/{org}/app-ids/{app_id}", id: "change-app-id", summary: "Change an App ID", do: with(changeAppID)},
		{method: "POST", path: "/organizations/{org}/app-ids/{app_id}/reset-key", id: "reset-app-key", summary: "Give an App ID a new key", do: with(resetAppKey)},
		{method: "POST", path: "/organizations/{org}/app-ids/{app_id}/signature-checks", id: "check-signature", summary: "Explain a login with an App ID", do: with(checkSignature)},
		{method: "DELETE", path: "/organizations/{org}/app-ids/{app_id}", id: "remove-app-id", summary: "Remove an App ID", do: with(removeAppID)},
		{method: "GET", path: "/organizations/{org}/expiries", id: "list-expiries", summary: "List the keys, secrets and links that end", do: with(listExpiries)},
		{method: "GET", path: "/provider/app-ids", id: "list-provider-app-ids", summary: "List the App IDs of the provider", do: with(listProviderAppIDs)},
		{method: "POST", path: "/provider/app-ids", id: "add-provider-app-id", summary: "Make an App ID of the provider", do: making(addProviderAppID)},
		{method: "GET", path: "/provider/app-ids/{app_id}", id: "get-provider-app-id", summary: "Read an App ID of the provider", do: with(getProviderAppID)},
		{method: "PATCH", path: "/provider/app-ids/{app_id}", id: "change-provider-app-id", summary: "Change an App ID of the provider", do: with(changeProviderAppID)},
		{method: "POST", path: "/provider/app-ids/{app_id}/reset-key", id: "reset-provider-app-key", summary: "Give an App ID of the provider a new key", do: with(resetProviderAppKey)},
		{method: "POST", path: "/provider/app-ids/{app_id}/signature-checks", id: "check-provider-signature", summary: "Explain a login with an App ID of the provider", do: with(checkProviderSignature)},
		{method: "DELETE", path: "/provider/app-ids/{app_id}", id: "remove-provider-app-id", summary: "Remove an App ID of the provider", do: with(removeProviderAppID)},
	}
}

func applicationRoutes() []route {
	return append([]route{
		{method: "GET", path: "/organizations/{org}/applications", id: "list-applications", summary: "List the applications of an organisation", do: with(listApplications)},
		{method: "POST", path: "/organizations/{org}/applications", id: "add-application", summary: "Add an application", do: making(addApplication)},
		{method: "GET", path: "/organizations/{org}/applications/{client_id}", id: "get-application", summary: "Read an application", do: with(getApplication)},
		{method: "PATCH", path: "/organizations/{org}/applications/{client_id}", id: "change-application", summary: "Change an application", do: with(changeApplication)},
		{method: "DELETE", path: "/organizations/{org}/applications/{client_id}", id: "remove-application", summary: "Remove an application with all that was granted to it", do: with(removeApplication)},
		{method: "POST", path: "/organizations/{org}/applications/{client_id}/secrets", id: "rotate-application-secret", summary: "Give an application a new secret", do: with(rotateApplicationSecret)},
		{method: "DELETE", path: "/organizations/{org}/applications/{client_id}/secrets", id: "revoke-application-secret", summary: "Revoke the older secret of an application", do: with(revokeApplicationSecret)},
		{method: "POST", path: "/organizations/{org}/applications/{client_id}/revoke", id: "revoke-application", summary: "End all that was granted to an application", do: with(revokeApplication)},
		{method: "POST", path: "/organizations/{org}/applications/{client_id}/tries", id: "try-application-change", summary: "Begin a try of a change of an application that is not saved", do: making(tryApplicationChange)},
		{method: "POST", path: "/organizations/{org}/application-tries", id: "try-application", summary: "Begin a try of an application that is not saved", do: making(tryApplication)},
		{method: "GET", path: "/organizations/{org}/application-tries/{try}", id: "get-application-try", summary: "Read the report of a try of an application", do: with(getApplicationTry)},
		{method: "POST", path: "/organizations/{org}/applications/{client_id}/claims/test", id: "test-application-claims", summary: "Tell what claim rules release of a member", do: with(testApplicationClaims)},
		{method: "GET", path: "/organizations/{org}/applications/{client_id}/icon", id: "get-application-icon", summary: "Read the icon of an application", do: with(getApplicationIcon)},
		{method: "PUT", path: "/organizations/{org}/applications/{client_id}/icon", id: "set-application-icon", summary: "Set the icon of an application", do: with(setApplicationIcon)},
		{method: "DELETE", path: "/organizations/{org}/applications/{client_id}/icon", id: "remove-application-icon", summary: "Remove the icon of an application", do: with(removeApplicationIcon)},
	}, policyRoutes()...)
}

func policyRoutes() []route {
	const of = "/organizations/{org}/applications/{client_id}"
	return []route{
		{method: "GET", path: of + "/access-control", id: "get-access-control", summary: "Read whether policies say who may enter an application", do: with(getAccessControl)},
		{method: "PATCH", path: of + "/access-control", id: "change-access-control", summary: "Switch the policies of an application, and say what holds where none does", do: with(changeAccessControl)},
		{method: "PUT", path: of + "/access-control/order", id: "reorder-policies", summary: "Order the policies of an application", do: with(reorderPolicies)},
		{method: "POST", path: of + "/access-control/simulation", id: "simulate-policies", summary: "Tell what the policies of an application would say of an entry", do: with(simulatePolicies)},
		{method: "POST", path: of + "/access-control/replay", id: "replay-policies", summary: "Tell what policies that are not saved would have said of the entries of the last seven days", do: with(replayPolicies)},
		{method: "GET", path: of + "/policies", id: "list-policies", summary: "List the policies of an application in their order", do: with(listPolicies)},
		{method: "POST", path: of + "/policies", id: "add-policy", summary: "Add a policy behind all others of an application", do: making(addPolicy)},
		{method: "GET", path: of + "/policies/{policy}", id: "get-policy", summary: "Read a policy", do: with(getPolicy)},
		{method: "PATCH", path: of + "/policies/{policy}", id: "change-policy", summary: "Change a policy", do: with(changePolicy)},
		{method: "DELETE", path: of + "/policies/{policy}", id: "remove-policy", summary: "Remove a policy, for ever", do: with(removePolicy)},
	}
}

func reportRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/reports/people", id: "report-people", summary: "Tell who there is and who signs in, by day, week or month", do: with(reportPeople)},
		{method: "GET", path: "/organizations/{org}/reports/people/export", id: "export-people-report", summary: "Tell who there is and who signs in as CSV", do: with(exportPeopleReport)},
		{method: "GET", path: "/organizations/{org}/reports/applications", id: "report-applications", summary: "Tell which applications are entered, by day, week or month", do: with(reportApplications)},
		{method: "GET", path: "/organizations/{org}/reports/applications/export", id: "export-applications-report", summary: "Tell which applications are entered as CSV", do: with(exportApplicationsReport)},
		{method: "GET", path: "/provider/reports/people", id: "report-provider-people", summary: "Tell who there is and who signs in, in all organisations together", do: with(reportProviderPeople)},
		{method: "GET", path: "/provider/reports/people/export", id: "export-provider-report", summary: "Tell who there is and who signs in, in all organisations together, as CSV", do: with(exportProviderReport)},
		{method: "GET", path: "/provider/reports/organizations", id: "report-organizations", summary: "Tell who signs in in one period, organisation by organisation", do: with(reportOrganizations)},
		{method: "GET", path: "/settings/reports", id: "get-report-settings", summary: "Read in whose days reports count", do: with(getReportSettings)},
		{method: "PUT", path: "/settings/reports", id: "set-report-settings", summary: "Set in whose days reports count", do: with(setReportSettings)},
	}
}

func webhookRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/webhooks", id: "list-webhooks", summary: "List the addresses that are told of what happens", do: with(listWebhooks)},
		{method: "POST", path: "/organizations/{org}/webhooks", id: "add-webhook", summary: "Have an address told of what happens", do: making(addWebhook)},
		{method: "POST", path: "/organizations/{org}/webhooks/try", id: "try-webhook", summary: "Call an address that is not saved", do: with(tryWebhook)},
		{method: "GET", path: "/organizations/{org}/webhooks/{webhook}", id: "get-webhook", summary: "Read a webhook", do: with(getWebhook)},
		{method: "PATCH", path: "/organizations/{org}/webhooks/{webhook}", id: "change-webhook", summary: "Change a webhook", do: with(changeWebhook)},
		{method: "DELETE", path: "/organizations/{org}/webhooks/{webhook}", id: "remove-webhook", summary: "Tell an address nothing more", do: with(removeWebhook)},
		{method: "POST", path: "/organizations/{org}/webhooks/{webhook}/secrets", id: "rotate-webhook-secret", summary: "Give a webhook a new secret", do: with(rotateWebhookSecret)},
		{method: "GET", path: "/organizations/{org}/webhooks/{webhook}/deliveries", id: "list-webhook-deliveries", summary: "List what a webhook was told, newest first", do: with(listDeliveries)},
		{method: "POST", path: "/organizations/{org}/webhooks/{webhook}/deliveries/{delivery}/replay", id: "replay-webhook-delivery", summary: "Tell a webhook an event again", do: with(redeliver)},
	}
}

func syncRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/applications/{client_id}/sync", id: "get-sync", summary: "Read how an application is told of the organisation", do: with(getSync)},
		{method: "PUT", path: "/organizations/{org}/applications/{client_id}/sync", id: "set-sync", summary: "Say how an application is told of the organisation", do: with(setSync)},
		{method: "DELETE", path: "/organizations/{org}/applications/{client_id}/sync", id: "remove-sync", summary: "Tell an application nothing more", do: with(removeSync)},
		{method: "GET", path: "/organizations/{org}/applications/{client_id}/sync/progress", id: "get-sync-progress", summary: "Tell how far telling an application has come", do: with(getSyncProgress)},
		{method: "GET", path: "/organizations/{org}/applications/{client_id}/sync/records", id: "list-sync-records", summary: "List the calls to the receiver of an application, newest first", do: with(listSyncRecords)},
		{method: "POST", path: "/organizations/{org}/applications/{client_id}/sync/records/{record}/retry", id: "retry-sync-record", summary: "Make a call to a receiver again", do: with(retrySyncRecord)},
		{method: "GET", path: "/organizations/{org}/applications/{client_id}/sync/people", id: "list-sync-people", summary: "List who may enter an application, and what its receiver knows of them", do: with(listSyncPeople)},
		{method: "POST", path: "/organizations/{org}/applications/{client_id}/sync/retry", id: "retry-sync", summary: "Make a failed call to a receiver again at once", do: with(retrySync)},
		{method: "POST", path: "/organizations/{org}/applications/{client_id}/sync/replay", id: "replay-sync", summary: "Tell an application everything again", do: with(replaySync)},
		{method: "POST", path: "/organizations/{org}/applications/{client_id}/sync/try", id: "try-sync", summary: "Call a receiver by settings that are not saved", do: with(trySync)},
	}
}

func privacyRoutes() []route {
	return []route{
		{method: "GET", path: "/organizations/{org}/privacy-statement", id: "get-privacy-statement", summary: "Read an organisation's privacy statement", do: with(getPrivacy)},
		{method: "PUT", path: "/organizations/{org}/privacy-statement", id: "write-privacy-statement", summary: "Write a draft of an organisation's privacy statement", do: with(writePrivacy)},
		{method: "DELETE", path: "/organizations/{org}/privacy-statement", id: "withdraw-privacy-statement", summary: "Ask members no more to accept the organisation's privacy statement", do: with(withdrawPrivacy)},
		{method: "POST", path: "/organizations/{org}/privacy-statement/publish", id: "publish-privacy-statement", summary: "Publish the draft as a version that every member has to accept", do: with(publishPrivacy)},
		{method: "GET", path: "/organizations/{org}/privacy-statement/versions", id: "list-privacy-versions", summary: "List the versions of an organisation's privacy statement, newest first", do: with(listPrivacyVersions)},
		{method: "GET", path: "/organizations/{org}/privacy-statement/acceptances", id: "list-privacy-acceptances", summary: "List who accepted a version of an organisation's privacy statement", do: with(listAcceptances)},
		{method: "GET", path: "/settings/privacy-statement", id: "get-installation-privacy-statement", summary: "Read the privacy statement for organisations that have none", do: with(getInstallationPrivacy)},
		{method: "PUT", path: "/settings/privacy-statement", id: "write-installation-privacy-statement", summary: "Write a draft of the privacy statement for organisations that have none", do: with(writeInstallationPrivacy)},
		{method: "DELETE", path: "/settings/privacy-statement", id: "withdraw-installation-privacy-statement", summary: "Ask people no more to accept the installation's privacy statement", do: with(withdrawInstallationPrivacy)},
		{method: "POST", path: "/settings/privacy-statement/publish", id: "publish-installation-privacy-statement", summary: "Publish the draft for organisations that have no statement", do: with(publishInstallationPrivacy)},
		{method: "GET", path: "/settings/privacy-statement/versions", id: "list-installation-privacy-versions", summary: "List the versions of the installation's privacy statement, newest first", do: with(listInstallationPrivacyVersions)},
		{method: "GET", path: "/settings/privacy-statement/acceptances", id: "list-installation-privacy-acceptances", summary: "List who accepted a version of the installation's privacy statement", do: with(listInstallationAcceptances)},
		{method: "GET", path: "/me/privacy-acceptances", id: "list-my-privacy-acceptances", summary: "List which privacy statements the caller accepted", do: with(listMyAcceptances)},
	}
}
