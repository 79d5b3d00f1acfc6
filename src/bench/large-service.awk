# Writes the configuration of a large service: for each of its customers ten accepted domains, one of them with what is below it, and
# two connectors, one by two certificate patterns, one by ten address ranges of both families, of which some lie within others.
#
#   awk -v organizations=N -f large-service.awk               all of it in HOCON, to standard output
#   awk -v organizations=N -v folder=DIR -v each=M -f ...     a file for every M organizations in the folder, their domains and
#                                                             address ranges in text files

function ipv4(address) {
    return int(address / 16777216) "." int(address / 65536) % 256 "." int(address / 256) % 256 "." address % 256
}

function range(n, i, network) {
    if (i % 2 == 0) return ipv4(167772160 + n * 16 + i) (i ? "" : "/28")
    network = sprintf("2001:db8:%x:%x::", int(n / 65536), n % 65536)
    return network (i == 1 ? "/64" : i)
}

# A list in HOCON, or a text file that it is in.
function list(key, values, file) {
    if (folder == "") {
        gsub(/\n/, "\", \"", values)
        sub(/, "$/, "", values)
        values = "\"" values
        if (sub(/ subdomains"/, "\", subdomains = true }", values)) sub(/^/, "{ domain = ", values)
        return key " = [ " values " ]"
    }
    printf "%s", values >(folder "/" file)
    close(folder "/" file)
    return key "-file = " file
}

BEGIN {
    for (n = 0; n < organizations; n++) {
        domains = ranges = ""
        for (i = 0; i < 10; i++) {
            domains = domains "domain-" i ".customer-" n ".example" (i ? "" : " subdomains") "\n"
            ranges = ranges range(n, i) "\n"
        }
        file = folder == "" ? "/dev/stdout" : folder "/customers-" int(n / each) ".conf"
        printf "customer-%d {\n  %s\n  connectors {\n", n, list("accepted-domains", domains, "customer-" n ".domains") >file
        printf "    certificates { certificate-names = [ \"mail.domain-1.customer-%d.example\", \"*.domain-0.customer-%d.example\" ] }\n", \
            n, n >file
        printf "    addresses { %s }\n  }\n}\n", list("addresses", ranges, "customer-" n ".addresses") >file
        if (folder != "" && n % each == each - 1) close(file)
    }
}
