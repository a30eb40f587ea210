package org.vipmanager.config;

import org.vipmanager.tls.TlsFiles;

import java.net.URI;

/**
 * How the local Patroni is asked while the DCS is silent.
 *
 * @param url the base of its REST API, without a trailing slash
 * @param tls for https
 */
public record PatroniAccess(URI url, TlsFiles tls) {}
