# Writes the configuration of a large service: for each of its customers ten accepted domains, one of them with what is below it, and
# two connectors, one by two certificate patterns, one by ten address ranges of both families, of which some lie within others.
#
#   awk -v organizations=N -v folder=DIR -f large-service.awk     a file for each in the folder; or, without one, to standard output

function ipv4(address) {
    return int(address / 16777216) "." int(address / 65536) % 256 "." int(address / 256) % 256 "." address % 256
}

BEGIN {
    for (n = 0; n < organizations; n++) {
        domains = ranges = ""
        for (i = 0; i < 10; i++) {
            domain = "domain-" i ".customer-" n ".example"
            domains = domains (i ? ", \"" domain "\"" : "{ domain = \"" domain "\", subdomains = true }")
            if (i % 2 == 0) {
                range = ipv4(167772160 + n * 16 + i) (i ? "" : "/28")
            } else {
                network = sprintf("2001:db8:%x:%x::", int(n / 65536), n % 65536)
                range = network (i == 1 ? "/64" : i)
            }
            ranges = ranges (i ? ", " : "") "\"" range "\""
        }
        file = folder == "" ? "/dev/stdout" : folder "/customer-" n ".conf"
        printf "customer-%d {\n  accepted-domains = [ %s ]\n  connectors {\n", n, domains >file
        printf "    certificates { certificate-names = [ \"mail.domain-1.customer-%d.example\", \"*.domain-0.customer-%d.example\" ] }\n", \
            n, n >file
        printf "    addresses { addresses = [ %s ] }\n  }\n}\n", ranges >file
        if (folder != "") close(file)
    }
}
