package io.github.orgmilter.postfix;

import java.util.List;

/** The settings that decide who may relay, and what becomes of mail on its way to OrgMilter. */
final class Parameters {

    static final List<String> ALL = List.of(
            "mail_version",
            "mail_name",
            "mail_owner",
            "myhostname",
            "compatibility_level",
            "queue_directory",
            "inet_interfaces",
            "multi_instance_directories",
            "mynetworks",
            "mydestination",
            "relay_domains",
            "virtual_alias_domains",
            "virtual_mailbox_domains",
            "parent_domain_matches_subdomains",
            "allow_untrusted_routing",
            "content_filter",
            "smtpd_proxy_filter",
            "receive_override_options",
            "non_smtpd_milters",
            "milter_default_action",
            "milter_macro_v",
            "milter_macro_defaults",
            "smtpd_milters",
            "smtpd_milter_maps",
            "smtpd_authorized_xclient_hosts",
            "smtpd_client_restrictions",
            "smtpd_helo_restrictions",
            "smtpd_sender_restrictions",
            "smtpd_relay_restrictions",
            "smtpd_recipient_restrictions",
            "smtpd_restriction_classes",
            "smtpd_policy_service_default_action",
            "smtpd_sasl_auth_enable",
            "smtpd_sasl_security_options",
            "smtpd_sasl_tls_security_options",
            "smtpd_tls_security_level",
            "smtpd_use_tls",
            "smtpd_enforce_tls",
            "smtpd_tls_wrappermode",
            "smtpd_tls_ask_ccert",
            "smtpd_tls_req_ccert",
            "smtpd_tls_CAfile",
            "smtpd_tls_CApath",
            "tls_append_default_CA",
            "smtpd_tls_fingerprint_digest",
            "smtpd_upstream_proxy_protocol",
            "postscreen_upstream_proxy_protocol",
            "smtpd_forbid_bare_newline",
            "smtpd_forbid_bare_newline_exclusions",
            "qmqpd_authorized_clients");

    private Parameters() {}
}
