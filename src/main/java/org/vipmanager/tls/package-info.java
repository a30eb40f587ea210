/**
 * Certificates and keys from PEM files, read again when the files are replaced, and what to say
 * when a secure connection fails. Enter at {@link org.vipmanager.tls.TlsFiles} and {@link
 * org.vipmanager.tls.TlsReload}.
 */
@NullMarked
package org.vipmanager.tls;

import org.jspecify.annotations.NullMarked;
