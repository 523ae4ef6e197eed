struct list_head { struct list_head *next; long unused[3]; int count; };
