/**
 * What people are told: the sentence for each decision, the log's line about an address, and the
 * line that systemd shows. Enter at {@link org.vipmanager.report.ReasonText}.
 */
@NullMarked
package org.vipmanager.report;

import org.jspecify.annotations.NullMarked;
