/** Writes what people read about the settings, from their table. */
package org.vipmanager.docs;
