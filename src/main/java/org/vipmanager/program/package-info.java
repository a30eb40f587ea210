/**
 * Programs of the user's, which are run within bounds: what they are told, what they may do, how
 * long they take and how much they write. Enter at {@link org.vipmanager.program.UserProgram}.
 */
@NullMarked
package org.vipmanager.program;

import org.jspecify.annotations.NullMarked;
