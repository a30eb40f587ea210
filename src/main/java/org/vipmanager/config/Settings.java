package org.vipmanager.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The table of settings: the one source of their names, forms, defaults and texts.
 *
 * <p>Flags, variables, the file, the help, the documentation and the sample file are made from it.
 */
public final class Settings {

    static final Setting IP =
            Setting.of(
                            "ip",
                            Kind.ADDRESS,
                            Group.ADDRESS,
                            "The virtual IP address, IPv4 or IPv6, without a prefix length.")
                    .example("192.168.0.123");

    static final Setting NETMASK =
            Setting.of(
                            "netmask",
                            Kind.PREFIX_LENGTH,
                            Group.ADDRESS,
                            "Its prefix length: 1 to 32 for IPv4, 1 to 128 for IPv6; -1 is the"
                                    + " default of the class for IPv4 and 128 for IPv6. Needed for"
                                    + " manager-type basic; where a provider routes the address it"
                                    + " is 32 or 128 unless given.")
                    .example("24")
                    .formerly("mask");

    static final Setting INTERFACE =
            Setting.of(
                            "interface",
                            Kind.INTERFACE,
                            Group.ADDRESS,
                            "The network interface that gets the address, by its name or an altname."
                                    + " It is waited for when it does not exist. Needed for"
                                    + " manager-type basic; with command and hetzner-cloud the"
                                    + " address is put there too when it is given.")
                    .example("eth0")
                    .formerly("iface");

    static final Setting MANAGER_TYPE =
            Setting.of(
                            "manager-type",
                            Kind.CHOICE,
                            Group.ADDRESS,
                            "Who moves the address: this host's kernel (basic), Hetzner's Robot for"
                                    + " dedicated servers (hetzner), Hetzner's Cloud"
                                    + " (hetzner-cloud), or a provider that a program of yours"
                                    + " speaks to (command).")
                    .choices("basic", "hetzner", "hetzner-cloud", "command")
                    .byDefault("basic")
                    .formerly("hosting-type", "hostingtype");

    static final Setting DCS_TYPE =
            Setting.of(
                            "dcs-type",
                            Kind.CHOICE,
                            Group.LEADER,
                            "Where leadership is looked up. etcd and etcd3 are the same.")
                    .choices("etcd", "etcd3", "consul", "patroni")
                    .byDefault("etcd")
                    .formerly("type", "endpoint-type");

    static final Setting DCS_ENDPOINTS =
            Setting.of(
                            "dcs-endpoints",
                            Kind.ENDPOINTS,
                            Group.LEADER,
                            "Where it is reached: URLs separated by commas, in the file also a"
                                    + " list. http and https may be mixed. The next one is asked"
                                    + " when one fails; of Patroni only the first is used.")
                    .byDefaultNoted(
                            "http://127.0.0.1 with port 2379 (etcd), 8500 (consul) or 8008"
                                    + " (patroni)")
                    .example("http://127.0.0.1:2379")
                    .formerly("endpoint", "endpoints");

    static final Setting TRIGGER_KEY =
            Setting.of(
                            "trigger-key",
                            Kind.TEXT,
                            Group.LEADER,
                            "The leader key: <namespace>/<scope>/leader of Patroni's configuration;"
                                    + " with dcs-type patroni a path of its REST API.")
                    .byDefaultNoted("/leader with dcs-type patroni")
                    .example("/service/pgcluster/leader")
                    .formerly("key");

    static final Setting TRIGGER_VALUE =
            Setting.of(
                            "trigger-value",
                            Kind.TEXT,
                            Group.LEADER,
                            "The value of that key that names this host: the name in Patroni's"
                                    + " configuration; with dcs-type patroni the status code of the"
                                    + " answer.")
                    .byDefaultNoted("the host name; 200 with dcs-type patroni")
                    .example("pgcluster_member1")
                    .formerly("nodename", "host");

    static final Setting ETCD_SRV =
            Setting.of(
                            "etcd-srv",
                            Kind.HOST,
                            Group.ETCD,
                            "In place of dcs-endpoints: the domain whose SRV records tell them, as"
                                    + " srv in Patroni's configuration: _etcd-client-ssl._tcp (https),"
                                    + " else _etcd-client._tcp, _etcd-ssl._tcp or _etcd._tcp.")
                    .example("example.com");

    static final Setting ETCD_SRV_SUFFIX =
            Setting.of(
                            "etcd-srv-suffix",
                            Kind.TEXT,
                            Group.ETCD,
                            "Which of several clusters of that domain: _etcd-client-SUFFIX._tcp and"
                                    + " so on, as srv_suffix in Patroni's configuration.")
                    .example("prod");

    static final Setting ETCD_USER =
            Setting.of(
                            "etcd-user",
                            Kind.TEXT,
                            Group.ETCD,
                            "A user of etcd that may read everything below /NAMESPACE/SCOPE/: the"
                                    + " leader key, and Patroni's member key, which shares its lease.")
                    .example("vip-manager");

    static final Setting ETCD_PASSWORD =
            Setting.of(
                            "etcd-password",
                            Kind.SECRET,
                            Group.ETCD,
                            "Its password. Better in a file of its own: etcd-password-file.")
                    .example("secret");

    static final Setting ETCD_PASSWORD_FILE =
            Setting.of(
                            "etcd-password-file",
                            Kind.FILE,
                            Group.ETCD,
                            "A file that holds the password and nothing else; read again at each"
                                    + " login.")
                    .example("/etc/vip-manager/etcd-password");

    static final Setting ETCD_CA_FILE =
            Setting.of(
                            "etcd-ca-file",
                            Kind.FILE,
                            Group.ETCD,
                            "PEM file of the authority that signed the servers' certificates; without it"
                                    + " the system's trust store is used.")
                    .example("/etc/vip-manager/ca.pem");

    static final Setting ETCD_CERT_FILE =
            Setting.of(
                            "etcd-cert-file",
                            Kind.FILE,
                            Group.ETCD,
                            "PEM file of the client's certificate. Needs etcd-key-file.")
                    .example("/etc/vip-manager/client.pem");

    static final Setting ETCD_KEY_FILE =
            Setting.of(
                            "etcd-key-file",
                            Kind.FILE,
                            Group.ETCD,
                            "PEM file of the private key for etcd-cert-file, not encrypted.")
                    .example("/etc/vip-manager/client-key.pem");

    static final Setting ETCD_TLS_SERVER_NAME =
            Setting.of(
                            "etcd-tls-server-name",
                            Kind.HOST,
                            Group.ETCD,
                            "The name that the servers' certificates must bear, and that the"
                                    + " servers are asked for; without it that of the endpoint.")
                    .example("etcd.example.com");

    static final Setting CONSUL_TOKEN =
            Setting.of(
                            "consul-token",
                            Kind.SECRET,
                            Group.CONSUL,
                            "A token that may read the key. Better in a file of its own:"
                                    + " consul-token-file.")
                    .example("secret");

    static final Setting CONSUL_TOKEN_FILE =
            Setting.of(
                            "consul-token-file",
                            Kind.FILE,
                            Group.CONSUL,
                            "A file that holds the token and nothing else; read again at each"
                                    + " request.")
                    .example("/etc/vip-manager/consul-token");

    static final Setting CONSUL_CA_FILE =
            Setting.of(
                            "consul-ca-file",
                            Kind.FILE,
                            Group.CONSUL,
                            "PEM file of the authority that signed the servers' certificates; without it"
                                    + " the system's trust store is used.")
                    .example("/etc/vip-manager/ca.pem");

    static final Setting CONSUL_CERT_FILE =
            Setting.of(
                            "consul-cert-file",
                            Kind.FILE,
                            Group.CONSUL,
                            "PEM file of the client's certificate. Needs consul-key-file.")
                    .example("/etc/vip-manager/client.pem");

    static final Setting CONSUL_KEY_FILE =
            Setting.of(
                            "consul-key-file",
                            Kind.FILE,
                            Group.CONSUL,
                            "PEM file of the private key for consul-cert-file, not encrypted.")
                    .example("/etc/vip-manager/client-key.pem");

    static final Setting CONSUL_TLS_SERVER_NAME =
            Setting.of(
                            "consul-tls-server-name",
                            Kind.HOST,
                            Group.CONSUL,
                            "The name that the servers' certificates must bear, and that the"
                                    + " servers are asked for; without it that of the endpoint.")
                    .example("server.dc1.consul");

    static final Setting PATRONI_CA_FILE =
            Setting.of(
                            "patroni-ca-file",
                            Kind.FILE,
                            Group.PATRONI,
                            "PEM file of the authority that signed Patroni's certificate.")
                    .byDefaultNoted("etcd-ca-file with dcs-type patroni")
                    .example("/etc/vip-manager/ca.pem");

    static final Setting PATRONI_CERT_FILE =
            Setting.of(
                            "patroni-cert-file",
                            Kind.FILE,
                            Group.PATRONI,
                            "PEM file of the client's certificate. Needs patroni-key-file.")
                    .byDefaultNoted("etcd-cert-file with dcs-type patroni")
                    .example("/etc/vip-manager/client.pem");

    static final Setting PATRONI_KEY_FILE =
            Setting.of(
                            "patroni-key-file",
                            Kind.FILE,
                            Group.PATRONI,
                            "PEM file of the private key for patroni-cert-file, not encrypted.")
                    .byDefaultNoted("etcd-key-file with dcs-type patroni")
                    .example("/etc/vip-manager/client-key.pem");

    static final Setting PATRONI_TLS_SERVER_NAME =
            Setting.of(
                            "patroni-tls-server-name",
                            Kind.HOST,
                            Group.PATRONI,
                            "The name that Patroni's certificate must bear, and that Patroni is"
                                    + " asked for; without it that of the URL.")
                    .example("pg1.example.com");

    static final Setting HETZNER_CREDENTIALS_FILE =
            Setting.of(
                            "hetzner-credentials-file",
                            Kind.FILE,
                            Group.HETZNER,
                            "The Robot's user and password, as lines user=\"...\" and"
                                    + " pass=\"...\". The Cloud's token is taken from a line"
                                    + " token=\"...\" of it where nothing else gives one.")
                    .byDefault("/etc/hetzner");

    static final Setting HETZNER_SERVER_IP =
            Setting.of(
                            "hetzner-server-ip",
                            Kind.ADDRESS,
                            Group.HETZNER,
                            "This server's main address, by which the Robot knows it.")
                    .byDefaultNoted("the address that the default route begins at")
                    .example("203.0.113.7");

    static final Setting HETZNER_CHECK_INTERVAL =
            Setting.of(
                            "hetzner-check-interval",
                            Kind.DURATION,
                            Group.HETZNER,
                            "The time between two looks whether the address still is where it was,"
                                    + " while this host leads; at least 6 min (Robot) or 10 s"
                                    + " (Cloud) times the number of its addresses.")
                    .byDefaultNoted("10min for the Robot, 1min for the Cloud")
                    .example("10min");

    static final Setting HETZNER_POLL_INTERVAL =
            Setting.of(
                            "hetzner-poll-interval",
                            Kind.DURATION,
                            Group.HETZNER,
                            "The time between two looks while a switch is under way. Pauses after"
                                    + " failures begin with half of it and grow to nine (Robot) or"
                                    + " fifteen (Cloud) times as much.")
                    .byDefaultNoted("10s for the Robot, 2s for the Cloud")
                    .example("10s");

    static final Setting HETZNER_ENDPOINT =
            Setting.of(
                            "hetzner-endpoint",
                            Kind.URL,
                            Group.HETZNER,
                            "Where the Robot's interface is, for tests and gateways.")
                    .byDefaultNoted("https://robot-ws.your-server.de")
                    .example("https://gateway.example:8443");

    static final Setting HETZNER_CLOUD_TOKEN =
            Setting.of(
                            "hetzner-cloud-token",
                            Kind.SECRET,
                            Group.HETZNER,
                            "The token of the Hetzner Cloud project. Better in a file of its own:"
                                    + " hetzner-cloud-token-file.")
                    .example("secret");

    static final Setting HETZNER_CLOUD_TOKEN_FILE =
            Setting.of(
                            "hetzner-cloud-token-file",
                            Kind.FILE,
                            Group.HETZNER,
                            "A file that holds the token and nothing else.")
                    .example("/etc/vip-manager/hetzner-token");

    static final Setting HETZNER_CLOUD_SERVER_ID =
            Setting.of(
                            "hetzner-cloud-server-id",
                            Kind.TEXT,
                            Group.HETZNER,
                            "The number of this server.")
                    .byDefaultNoted("what Hetzner's metadata service says")
                    .example("4711");

    static final Setting HETZNER_CLOUD_NETWORK =
            Setting.of(
                            "hetzner-cloud-network",
                            Kind.TEXT,
                            Group.HETZNER,
                            "The number of a private network: the address is an alias IP in it,"
                                    + " and not a floating IP.")
                    .example("4711");

    static final Setting HETZNER_CLOUD_ENDPOINT =
            Setting.of(
                            "hetzner-cloud-endpoint",
                            Kind.URL,
                            Group.HETZNER,
                            "Where the Cloud's interface is, for tests and gateways.")
                    .byDefaultNoted("https://api.hetzner.cloud/v1")
                    .example("https://gateway.example:8443/v1");

    static final Setting PROVIDER_COMMAND =
            Setting.of(
                            "provider-command",
                            Kind.COMMAND,
                            Group.COMMAND,
                            "The program that routes the address, and its arguments, separated by"
                                    + " blanks, in the file also a list; no shell. It is called"
                                    + " with acquire, release or state: docs/providers.md.")
                    .example("/usr/local/bin/route-address");

    static final Setting PROVIDER_TIMEOUT =
            Setting.of(
                            "provider-timeout",
                            Kind.DURATION,
                            Group.COMMAND,
                            "How long one call of it may take before it is killed.")
                    .byDefault("60s");

    static final Setting PROVIDER_CHECK_INTERVAL =
            Setting.of(
                            "provider-check-interval",
                            Kind.DURATION,
                            Group.COMMAND,
                            "The time between two calls with state while this host leads.")
                    .byDefault("60s");

    static final Setting PROVIDER_ENVIRONMENT =
            Setting.of(
                            "provider-environment",
                            Kind.NAMES,
                            Group.COMMAND,
                            "The names of this daemon's variables that it gets, such as those of a"
                                    + " token; of the others it gets only a few that name nothing"
                                    + " secret: docs/providers.md.")
                    .example("OS_CLOUD,OS_CLIENT_CONFIG_FILE");

    static final Setting INTERVAL =
            Setting.of(
                            "interval",
                            Kind.DURATION,
                            Group.TIMING,
                            "The time between two reads that confirm who leads. Changes arrive"
                                    + " without waiting for it, except from Patroni. With etcd, a"
                                    + " host that does not lead asks its watch instead whether it"
                                    + " is alive, and reads every 15 s.")
                    .byDefault("1000");

    static final Setting DCS_TIMEOUT =
            Setting.of(
                            "dcs-timeout",
                            Kind.DURATION,
                            Group.TIMING,
                            "How long one question to the DCS may take.")
                    .byDefault("2000");

    static final Setting RETRY_AFTER =
            Setting.of(
                            "retry-after",
                            Kind.DURATION,
                            Group.TIMING,
                            "The wait before a question that failed is asked again.")
                    .byDefault("250");

    static final Setting RETRY_NUM =
            Setting.of(
                            "retry-num",
                            Kind.COUNT,
                            Group.TIMING,
                            "How many questions in a row may fail before leadership is considered"
                                    + " lost, when the key has no lease; 0 or less means 3.")
                    .byDefault("3");

    static final Setting ON_DCS_LOSS =
            Setting.of(
                            "on-dcs-loss",
                            Kind.CHOICE,
                            Group.TIMING,
                            "While the DCS cannot be asked: hold the address as long as the key's"
                                    + " lease proves that no other node can lead, or release it"
                                    + " when the retries are used up.")
                    .choices("hold", "release")
                    .byDefault("hold");

    static final Setting ADDRESS_LIFETIME =
            Setting.of(
                            "address-lifetime",
                            Kind.DURATION,
                            Group.TIMING,
                            "After how long the kernel removes the address by itself when the"
                                    + " daemon is dead or frozen; whole seconds, at least 2.")
                    .byDefault("10000");

    static final Setting ON_EXIT =
            Setting.of(
                            "on-exit",
                            Kind.CHOICE,
                            Group.TIMING,
                            "When asked to stop: release the address, or keep it for the rest of"
                                    + " address-lifetime, for a restart that no client notices.")
                    .choices("release", "keep")
                    .byDefault("release");

    static final Setting RESET_CONNECTIONS =
            Setting.of(
                            "reset-connections",
                            Kind.SWITCH,
                            Group.TIMING,
                            "Whether to end the TCP connections of an address that is let go, so"
                                    + " that clients learn at once that it moves; never those of an"
                                    + " address that on-exit keeps.")
                    .byDefault("false");

    static final Setting YIELD_IN_DOUBT =
            Setting.of(
                            "yield-in-doubt",
                            Kind.SWITCH,
                            Group.TIMING,
                            "Whether to release the address when, while the DCS is silent, another"
                                    + " host claims it on the network.")
                    .byDefault("true");

    static final Setting PATRONI_URL =
            Setting.of(
                            "patroni-url",
                            Kind.URL,
                            Group.TIMING,
                            "The local Patroni's REST API, asked while the DCS is silent; lets the"
                                    + " address stay while Patroni's failsafe mode keeps its"
                                    + " leader. It speaks for the leader key of its own scope and"
                                    + " name only: with several clusters on one host, each entry of"
                                    + " vips needs its own.")
                    .example("http://127.0.0.1:8008");

    static final Setting ANNOUNCE_COUNT =
            Setting.of(
                            "announce-count",
                            Kind.COUNT,
                            Group.NETWORK,
                            "How many announcements (gratuitous ARP, neighbour advertisements)"
                                    + " follow a takeover: at 0, 100, 300 ms, 1, 2, 4 s and so on,"
                                    + " doubling; 1 to 20.")
                    .byDefault("6");

    static final Setting ANNOUNCE_REFRESH =
            Setting.of(
                            "announce-refresh",
                            Kind.DURATION,
                            Group.NETWORK,
                            "The longest time between announcements while holding: after the first ones"
                                    + " the pauses double until they are as long. 0 for none after"
                                    + " the first ones.")
                    .byDefault("60s");

    static final Setting CONTROL_SOCKET =
            Setting.of(
                            "control-socket",
                            Kind.FILE,
                            Group.STATUS,
                            "The Unix socket over which \"vip-manager status\" asks the daemon; off for"
                                    + " none.")
                    .byDefaultNoted("control.sock in $RUNTIME_DIRECTORY, else in /run/vip-manager")
                    .example("/run/vip-manager/control.sock");

    static final Setting NOTIFY_COMMAND =
            Setting.of(
                            "notify-command",
                            Kind.COMMAND,
                            Group.STATUS,
                            "A program, with its arguments, that is run after each takeover and"
                                    + " release of an address, without a shell; the variables"
                                    + " VIPMANAGER_EVENT, VIPMANAGER_ADDRESS and others tell it what"
                                    + " has happened.")
                    .example("/usr/local/bin/vip-moved");

    static final Setting NOTIFY_TIMEOUT =
            Setting.of(
                            "notify-timeout",
                            Kind.DURATION,
                            Group.STATUS,
                            "After how long notify-command is killed, with all that it has started.")
                    .byDefault("10s");

    static final Setting HTTP_LISTEN =
            Setting.of(
                            "http-listen",
                            Kind.LISTENER,
                            Group.STATUS,
                            "Where probes (/readyz, /leader, /vip/ADDRESS) and the status are answered"
                                    + " over HTTP: an address and a port, or *:PORT for all"
                                    + " addresses.")
                    .example("127.0.0.1:8010");

    static final Setting HTTP_CERT_FILE =
            Setting.of(
                            "http-cert-file",
                            Kind.FILE,
                            Group.STATUS,
                            "PEM file of the certificate for https at http-listen, which is http"
                                    + " without one. Needs http-key-file; both are read again when"
                                    + " they are replaced.")
                    .example("/etc/vip-manager/http.pem");

    static final Setting HTTP_KEY_FILE =
            Setting.of(
                            "http-key-file",
                            Kind.FILE,
                            Group.STATUS,
                            "PEM file of the private key for http-cert-file, not encrypted.")
                    .example("/etc/vip-manager/http-key.pem");

    static final Setting HTTP_TOKEN_FILE =
            Setting.of(
                            "http-token-file",
                            Kind.FILE,
                            Group.STATUS,
                            "A file that holds a token and nothing else: whoever asks for more than a"
                                    + " probe must show it (Authorization: Bearer); read again at"
                                    + " each request.")
                    .example("/etc/vip-manager/http-token");

    static final Setting HTTP_PEERS =
            Setting.of(
                            "http-peers",
                            Kind.ENDPOINTS,
                            Group.STATUS,
                            "The daemons of the other hosts, as URLs of their http-listen, separated"
                                    + " by commas, in the file also a list: the page at http-listen"
                                    + " shows them too. They are asked while somebody looks at it,"
                                    + " with the token of http-token-file.")
                    .example("http://10.0.0.2:8010");

    static final Setting HTTP_CA_FILE =
            Setting.of(
                            "http-ca-file",
                            Kind.FILE,
                            Group.STATUS,
                            "PEM file of the authorities of the certificates of http-peers; by"
                                    + " default those of the system.")
                    .example("/etc/vip-manager/http-ca.pem");

    static final Setting HTTP_PROBE_LISTEN =
            Setting.of(
                            "http-probe-listen",
                            Kind.LISTENER,
                            Group.STATUS,
                            "Where probes alone are answered, over HTTP and to everybody, as by"
                                    + " http-listen: for the network of a load balancer.")
                    .example("10.0.0.1:8011");

    static final Setting CONFIG =
            Setting.of(
                            "config",
                            Kind.FILE,
                            Group.PROGRAM,
                            "The configuration file (YAML). There is no default file.")
                    .example("/etc/default/vip-manager.yml");

    static final Setting VERBOSE =
            Setting.of(
                            "verbose",
                            Kind.SWITCH,
                            Group.PROGRAM,
                            "Log every answer of the DCS, netlink request and notification,"
                                    + " announcement and claim, and stack traces.")
                    .byDefault("false");

    /** All of them, in the order of help and documentation. */
    public static final List<Setting> ALL =
            List.of(
                    IP,
                    NETMASK,
                    INTERFACE,
                    MANAGER_TYPE,
                    DCS_TYPE,
                    DCS_ENDPOINTS,
                    TRIGGER_KEY,
                    TRIGGER_VALUE,
                    ETCD_SRV,
                    ETCD_SRV_SUFFIX,
                    ETCD_USER,
                    ETCD_PASSWORD,
                    ETCD_PASSWORD_FILE,
                    ETCD_CA_FILE,
                    ETCD_CERT_FILE,
                    ETCD_KEY_FILE,
                    ETCD_TLS_SERVER_NAME,
                    CONSUL_TOKEN,
                    CONSUL_TOKEN_FILE,
                    CONSUL_CA_FILE,
                    CONSUL_CERT_FILE,
                    CONSUL_KEY_FILE,
                    CONSUL_TLS_SERVER_NAME,
                    PATRONI_CA_FILE,
                    PATRONI_CERT_FILE,
                    PATRONI_KEY_FILE,
                    PATRONI_TLS_SERVER_NAME,
                    HETZNER_CREDENTIALS_FILE,
                    HETZNER_SERVER_IP,
                    HETZNER_CHECK_INTERVAL,
                    HETZNER_POLL_INTERVAL,
                    HETZNER_ENDPOINT,
                    HETZNER_CLOUD_TOKEN,
                    HETZNER_CLOUD_TOKEN_FILE,
                    HETZNER_CLOUD_SERVER_ID,
                    HETZNER_CLOUD_NETWORK,
                    HETZNER_CLOUD_ENDPOINT,
                    PROVIDER_COMMAND,
                    PROVIDER_TIMEOUT,
                    PROVIDER_CHECK_INTERVAL,
                    PROVIDER_ENVIRONMENT,
                    INTERVAL,
                    DCS_TIMEOUT,
                    RETRY_AFTER,
                    RETRY_NUM,
                    ON_DCS_LOSS,
                    PATRONI_URL,
                    YIELD_IN_DOUBT,
                    ADDRESS_LIFETIME,
                    ON_EXIT,
                    RESET_CONNECTIONS,
                    ANNOUNCE_COUNT,
                    ANNOUNCE_REFRESH,
                    CONTROL_SOCKET,
                    NOTIFY_COMMAND,
                    NOTIFY_TIMEOUT,
                    HTTP_LISTEN,
                    HTTP_CERT_FILE,
                    HTTP_KEY_FILE,
                    HTTP_TOKEN_FILE,
                    HTTP_PEERS,
                    HTTP_CA_FILE,
                    HTTP_PROBE_LISTEN,
                    CONFIG,
                    VERBOSE);

    /** The list of further addresses; only the file can hold it. */
    public static final String VIPS = "vips";

    /**
     * A thousand are tested. With four thousand a reload to four thousand others nearly fills the
     * heap that packaging/vip-manager gives.
     */
    public static final int MOST_VIPS = 2000;

    /** What an entry of that list may set beside its label. */
    static final List<Setting> OF_A_VIP =
            List.of(IP, NETMASK, INTERFACE, TRIGGER_KEY, TRIGGER_VALUE, PATRONI_URL, MANAGER_TYPE);

    static final String LABEL = "label";

    private static final Map<String, Setting> BY_NAME = byName();

    private Settings() {}

    /** Finds a setting by its current or an old name, whatever the case, dashes or underscores. */
    static Optional<Setting> find(String name) {
        return Optional.ofNullable(BY_NAME.get(canonical(name)));
    }

    /** The name of a setting that somebody probably meant. */
    public static Optional<String> nearest(String word) {
        return Similarity.nearest(word, BY_NAME.keySet())
                .flatMap(Settings::find)
                .map(Setting::name);
    }

    static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<String, Setting> byName() {
        Map<String, Setting> found = HashMap.newHashMap(2 * ALL.size());
        for (Setting setting : ALL) {
            found.put(setting.name(), setting);
            for (String old : setting.oldNames()) {
                found.put(old, setting);
            }
        }
        return found;
    }
}
