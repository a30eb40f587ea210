/**
 * {@code vip-manager check}: looks at everything on which an address depends, changes nothing, and
 * says of each item what was found and what to do about it. Enter at {@link
 * org.vipmanager.check.Check}; each class whose name ends with {@code Check} looks at one kind of
 * item.
 */
@NullMarked
package org.vipmanager.check;

import org.jspecify.annotations.NullMarked;
