package org.vipmanager.discovery;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;

import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * The name servers of this host (/etc/resolv.conf), asked by the JDK's own client: over UDP, and
 * TCP where an answer is long. Each is waited for 1 and then 2 seconds. Safe for use by any thread.
 */
public final class JndiNameServers implements NameServers {

    private static final String FACTORY = "com.sun.jndi.dns.DnsContextFactory";

    private final String servers;

    public JndiNameServers() {
        this("dns:");
    }

    /**
     * @param servers such as {@code dns://127.0.0.1:5353}
     */
    JndiNameServers(String servers) {
        this.servers = servers;
    }

    /** Texts alone are read: what may be dangerous in JNDI, objects, the DNS provider has not. */
    @Override
    @SuppressWarnings("BanJNDI")
    public List<SrvRecord> srv(String name) throws IOException {
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put(Context.INITIAL_CONTEXT_FACTORY, FACTORY);
        settings.put(Context.PROVIDER_URL, servers);
        settings.put("com.sun.jndi.dns.timeout.initial", "1000");
        settings.put("com.sun.jndi.dns.timeout.retries", "2");
        try {
            InitialDirContext context = new InitialDirContext(settings);
            try {
                return records(context.getAttributes(name, new String[] {"SRV"}).get("SRV"));
            } finally {
                context.close();
            }
        } catch (NameNotFoundException none) {
            return List.of();
        } catch (NamingException e) {
            throw new IOException(text(e), e);
        }
    }

    private static List<SrvRecord> records(@Nullable Attribute attribute)
            throws NamingException, IOException {
        List<SrvRecord> records = new ArrayList<>();
        if (attribute != null) {
            for (int i = 0; i < attribute.size(); i++) {
                records.add(SrvRecord.parse(String.valueOf(attribute.get(i))));
            }
        }
        return records;
    }

    private static String text(NamingException failure) {
        Throwable cause = failure.getRootCause() == null ? failure : failure.getRootCause();
        String said = String.valueOf(cause.getMessage()).replaceAll("[\\p{Cntrl}\\s]+", " ");
        return cause.getClass().getSimpleName() + ": " + said.strip();
    }
}
