package org.vipmanager.dcs.etcd;

import java.nio.file.Path;

/** Files of a certificate. */
record Certificates(Path authority, Path certificate, Path key) {}
