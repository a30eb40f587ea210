package org.vipmanager.config;

/** What happens to the address while the DCS cannot be asked. */
public enum OnDcsLoss {
    /** It is held for as long as the key's lease proves that no other node can lead. */
    HOLD,
    /** It is released when the retries are used up, lease or not. */
    RELEASE
}
